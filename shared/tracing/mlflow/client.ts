import { AetherError } from '../../errors/aether-error.ts'
import type { Fetch } from '../../http/fetch.ts'
import { holdRequest } from '../../http/hold-request.ts'

export interface MlflowOptions {
  /** `MLFLOW_TRACKING_URI` without a trailing slash. */
  readonly uri: string
  readonly fetch: Fetch
  /** Value of the Authorization header, where the server wants one. */
  readonly authorization: string | null
}

/** A person's or a program's judgement of a trace. */
export interface Assessment {
  /** Hex trace id. */
  readonly traceId: string
  readonly name: string
  readonly value: boolean | number | string
  readonly rationale: string | null
  readonly source: { readonly type: 'HUMAN' | 'CODE'; readonly id: string }
}

/** Figures of one evaluation. */
export interface MlflowRun {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly params: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, number>>
  readonly tags: Readonly<Record<string, string>>
}

/** MLflow's REST interface (https://mlflow.org/docs/latest/rest-api.html), as far as we use it. */
export interface Mlflow {
  /** Id of the experiment of that name; it is made where there is none. */
  experimentId(name: string, signal: AbortSignal): Promise<string>
  /** False: the server has no such trace (yet). */
  assess(assessment: Assessment, signal: AbortSignal): Promise<boolean>
  /** Logs a finished run with its figures and gives its id. */
  logRun(experimentId: string, run: MlflowRun, signal: AbortSignal): Promise<string>
  version(signal: AbortSignal): Promise<string>
}

/** The trace id as MLflow writes it. */
export const toMlflowTraceId = (traceId: string) => `tr-${traceId}`

/** A client of one server. Every method throws AetherError AGENT_UNAVAILABLE, with what the server said as its cause. */
export function createMlflow({ uri, fetch, authorization }: MlflowOptions): Mlflow {
  const ask = async (path: string, signal: AbortSignal, body?: unknown): Promise<Response> => {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (authorization !== null) headers.authorization = authorization
    if (body !== undefined) headers['content-type'] = 'application/json'
    const init = {
      headers,
      signal,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    }
    try {
      return await fetch(holdRequest(`${uri}${path}`, init))
    } catch (cause) {
      throw unavailable('it cannot be reached', cause)
    }
  }

  const read = async (response: Response): Promise<Record<string, unknown>> => {
    const body: unknown = await response.json().catch(() => null)
    const answer = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
    if (response.ok) return answer
    throw unavailable(`it answered ${response.status} ${String(answer.error_code ?? '')}`.trim())
  }

  const findExperiment = async (name: string, signal: AbortSignal): Promise<string | null> => {
    const query = new URLSearchParams({ experiment_name: name })
    const response = await ask(`/api/2.0/mlflow/experiments/get-by-name?${query}`, signal)
    if (response.status === 404) {
      await response.body?.cancel()
      return null
    }
    const { experiment } = await read(response)
    const { experiment_id: id, lifecycle_stage: stage } = (experiment ?? {}) as Record<string, unknown>
    if (stage === 'deleted')
      throw unavailable(`its experiment "${name}" was deleted; restore it, or set MLFLOW_EXPERIMENT_NAME`)
    if (typeof id !== 'string') throw unavailable('it names no experiment')
    return id
  }

  return {
    async experimentId(name, signal) {
      const found = await findExperiment(name, signal)
      if (found !== null) return found
      const response = await ask('/api/2.0/mlflow/experiments/create', signal, { name })
      if (response.ok) {
        const { experiment_id: id } = await read(response)
        if (typeof id === 'string') return id
      } else await response.body?.cancel()
      // Another process was faster.
      const made = await findExperiment(name, signal)
      if (made === null) throw unavailable(`it makes no experiment (${response.status})`)
      return made
    },
    async assess({ traceId, name, value, rationale, source }, signal) {
      const id = toMlflowTraceId(traceId)
      const response = await ask(`/api/3.0/mlflow/traces/${id}/assessments`, signal, {
        assessment: {
          trace_id: id,
          assessment_name: name,
          source: { source_type: source.type, source_id: source.id },
          feedback: { value },
          ...(rationale === null ? {} : { rationale }),
        },
      })
      if (response.status === 404) {
        await response.body?.cancel()
        return false
      }
      await read(response)
      return true
    },
    async logRun(experimentId, run, signal) {
      const tags = Object.entries({ ...run.tags, 'mlflow.runName': run.name })
      const made = await read(
        await ask('/api/2.0/mlflow/runs/create', signal, {
          experiment_id: experimentId,
          start_time: run.startMs,
          run_name: run.name,
          tags: tags.map(([key, value]) => ({ key, value })),
        }),
      )
      const info = (made.run as { info?: { run_id?: unknown } } | undefined)?.info
      const id = info?.run_id
      if (typeof id !== 'string') throw unavailable('it made no run')
      await read(
        await ask('/api/2.0/mlflow/runs/log-batch', signal, {
          run_id: id,
          metrics: Object.entries(run.metrics).map(([key, value]) => ({
            key,
            value,
            timestamp: run.endMs,
            step: 0,
          })),
          params: Object.entries(run.params).map(([key, value]) => ({ key, value })),
          tags: [],
        }),
      )
      await read(
        await ask('/api/2.0/mlflow/runs/update', signal, {
          run_id: id,
          status: 'FINISHED',
          end_time: run.endMs,
        }),
      )
      return id
    },
    async version(signal) {
      const response = await ask('/version', signal)
      const text = (await response.text()).trim()
      if (!response.ok) throw unavailable(`it answered ${response.status}`)
      return text.slice(0, 40)
    },
  }
}

function unavailable(why: string, cause?: unknown): AetherError {
  return new AetherError('AGENT_UNAVAILABLE', `The MLflow server does not take this: ${why}.`, { cause })
}
