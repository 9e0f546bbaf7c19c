import { expect, test } from 'vitest'
import { createMlflow } from '../../../../shared/tracing/mlflow/client.ts'

const NEVER = new AbortController().signal

/** A server that answers by a table of `METHOD path`. */
function server(answers: Record<string, (body: unknown) => Response | Promise<Response>>) {
  const asked: { what: string; body: unknown; authorization: string | null }[] = []
  const mlflow = createMlflow({
    uri: 'http://mlflow.test',
    authorization: 'Basic abc',
    fetch: async (request) => {
      const what = `${request.method} ${new URL(request.url).pathname}`
      const text = await request.text()
      const body = text === '' ? null : JSON.parse(text)
      asked.push({ what, body, authorization: request.headers.get('authorization') })
      const answer = answers[what]
      return answer ? answer(body) : new Response('not found', { status: 404 })
    },
  })
  return { mlflow, asked }
}

const FIND = 'GET /api/2.0/mlflow/experiments/get-by-name'
const CREATE = 'POST /api/2.0/mlflow/experiments/create'
const found = (stage = 'active') =>
  Response.json({ experiment: { experiment_id: '7', lifecycle_stage: stage } })

test('an experiment is found by its name, or made', async () => {
  const known = server({ [FIND]: () => found() })
  expect(await known.mlflow.experimentId('aether', NEVER)).toBe('7')
  expect(known.asked).toHaveLength(1)
  expect(known.asked[0]?.authorization).toBe('Basic abc')
  const fresh = server({ [CREATE]: () => Response.json({ experiment_id: '8' }) })
  expect(await fresh.mlflow.experimentId('aether', NEVER)).toBe('8')
  expect(fresh.asked.at(-1)?.body).toEqual({ name: 'aether' })
})

test('one that another process makes at the same moment is found', async () => {
  let made = false
  const { mlflow } = server({
    [FIND]: () =>
      made ? found() : Response.json({ error_code: 'RESOURCE_DOES_NOT_EXIST' }, { status: 404 }),
    [CREATE]: () => {
      made = true
      return Response.json({ error_code: 'RESOURCE_ALREADY_EXISTS' }, { status: 400 })
    },
  })
  expect(await mlflow.experimentId('aether', NEVER)).toBe('7')
})

test('a deleted one, a server that refuses, and one that is not there are each said', async () => {
  const deleted = server({ [FIND]: () => found('deleted') })
  await expect(deleted.mlflow.experimentId('aether', NEVER)).rejects.toThrow(/was deleted; restore it/)
  const refusing = server({ [FIND]: () => new Response('no', { status: 401 }) })
  await expect(refusing.mlflow.experimentId('aether', NEVER)).rejects.toThrow(/answered 401/)
  const gone = server({ [FIND]: () => Promise.reject(new TypeError('fetch failed')) })
  await expect(gone.mlflow.experimentId('aether', NEVER)).rejects.toThrow(/cannot be reached/)
})

test('feedback goes to its trace; a trace that is not there yet is no fault', async () => {
  const id = `tr-${'a'.repeat(32)}`
  const path = `POST /api/3.0/mlflow/traces/${id}/assessments`
  const assessment = {
    traceId: 'a'.repeat(32),
    name: 'user_feedback',
    value: true,
    rationale: 'fine',
    source: { type: 'HUMAN' as const, id: 'key_1' },
  }
  const known = server({ [path]: () => Response.json({ assessment: {} }) })
  expect(await known.mlflow.assess(assessment, NEVER)).toBe(true)
  expect(known.asked[0]?.body).toEqual({
    assessment: {
      trace_id: id,
      assessment_name: 'user_feedback',
      source: { source_type: 'HUMAN', source_id: 'key_1' },
      feedback: { value: true },
      rationale: 'fine',
    },
  })
  expect(await server({}).mlflow.assess(assessment, NEVER)).toBe(false)
})

test('a run is made, filled and ended', async () => {
  const { mlflow, asked } = server({
    'POST /api/2.0/mlflow/runs/create': () => Response.json({ run: { info: { run_id: 'r1' } } }),
    'POST /api/2.0/mlflow/runs/log-batch': () => Response.json({}),
    'POST /api/2.0/mlflow/runs/update': () => Response.json({}),
  })
  const run = {
    name: 'eval',
    startMs: 1,
    endMs: 2,
    params: { commit: 'c' },
    metrics: { recall: 0.9 },
    tags: {},
  }
  expect(await mlflow.logRun('7', run, NEVER)).toBe('r1')
  expect(asked.map(({ what }) => what.split('/').at(-1))).toEqual(['create', 'log-batch', 'update'])
  expect(asked[1]?.body).toMatchObject({
    run_id: 'r1',
    metrics: [{ key: 'recall', value: 0.9, timestamp: 2, step: 0 }],
    params: [{ key: 'commit', value: 'c' }],
  })
})
