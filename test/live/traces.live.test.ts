import { describe, expect, inject, it } from 'vitest'
import { ask } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { describeMatrix } from '../matrix.ts'

interface MlflowSpan {
  readonly span_id: string
  readonly parent_span_id?: string | null
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly string_value?: string } }[]
}

interface MlflowTrace {
  readonly trace_info: {
    readonly state: string
    readonly request_preview?: string
    readonly trace_metadata: Readonly<Record<string, string>>
    readonly tags: Readonly<Record<string, string>>
    readonly assessments?: readonly {
      readonly assessment_name: string
      readonly feedback: { readonly value: unknown }
      readonly rationale?: string
    }[]
  }
  readonly spans: readonly MlflowSpan[]
}

const server = inject('mlflow')
const url = 'url' in server ? server.url : ''

async function traceOf(traceId: string): Promise<MlflowTrace | null> {
  const response = await fetch(`${url}/api/3.0/mlflow/traces/get?trace_id=tr-${traceId}`)
  return response.ok ? ((await response.json()) as { trace: MlflowTrace }).trace : null
}

function pathTo(span: MlflowSpan, spans: readonly MlflowSpan[]): string {
  const parent = spans.find((each) => each.span_id === span.parent_span_id)
  return parent ? `${pathTo(parent, spans)} > ${span.name}` : span.name
}

const typeOf = (span: MlflowSpan) =>
  (span.attributes.find(({ key }) => key === 'mlflow.spanType')?.value.string_value ?? '').replaceAll('"', '')

function tests(deployment: () => Deployment): void {
  it('one tree with every hop, types, tokens and the session; feedback stands on it', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const headers = { traceparent: `00-${traceId}-${'1'.repeat(16)}-01` }
    const { runId } = await ask(deployment(), 'Analyze my energy usage', {}, headers)
    const team = 'gateway > orchestrator > architect > ds_orchestrator > ds_analysts > energy'
    const paths = async () => {
      const trace = await traceOf(traceId)
      return trace === null ? [] : trace.spans.map((span) => pathTo(span, trace.spans))
    }
    // The first one that a fresh server takes lets it load half of itself.
    await expect.poll(paths, { timeout: 30_000, interval: 250 }).toContain(`${team} > sandbox > sandbox.run`)

    const { trace_info: info, spans } = (await traceOf(traceId))!
    expect(info.state).toBe('OK')
    expect(info.request_preview).toContain('Analyze my energy usage')
    expect(info.trace_metadata['mlflow.trace.session']).toMatch(/^conv_/)
    expect(info.trace_metadata['mlflow.trace.user']).toBe('key_first')
    expect(JSON.parse(info.trace_metadata['mlflow.trace.tokenUsage'] ?? '{}').total_tokens).toBe(
      Number(info.tags.tokens),
    )
    expect(info.tags).toMatchObject({ run_id: runId, outcome: 'answered', attempts: '1', agent: 'auto' })
    const ids = new Set(spans.map((span) => span.span_id))
    expect(spans.filter((span) => !span.parent_span_id).map((span) => span.name)).toEqual(['gateway'])
    expect(spans.filter((span) => span.parent_span_id && !ids.has(span.parent_span_id))).toEqual([])
    const types = Object.fromEntries(spans.map((span) => [span.name, typeOf(span)]))
    expect(types).toMatchObject({ gateway: 'CHAIN', architect: 'AGENT', energy: 'AGENT', sandbox: 'TOOL' })
    expect(types['home.statistics']).toBe('RETRIEVER')
    expect(Object.entries(types).find(([name]) => name.startsWith('chat '))?.[1]).toBe('CHAT_MODEL')

    const given = await deployment().fetch(`/api/v1/runs/${runId}/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rating: 'up', comment: 'spot on' }),
    })
    expect(given.status).toBe(200)
    const assessments = async () => (await traceOf(traceId))?.trace_info.assessments ?? []
    await expect
      .poll(assessments, { timeout: 10_000 })
      .toMatchObject([{ assessment_name: 'user_feedback', feedback: { value: true }, rationale: 'spot on' }])
  })

  it('a second one is there within 5 seconds of its answer', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '')
    await ask(deployment(), 'Which lights are on?', {}, { traceparent: `00-${traceId}-${'1'.repeat(16)}-01` })
    await expect
      .poll(async () => (await traceOf(traceId))?.trace_info.state, { timeout: 5_000, interval: 100 })
      .toBe('OK')
  })

  it('status tells the server and its version', async () => {
    const status = (await (await deployment().fetch('/api/v1/status')).json()) as {
      dependencies: { name: string; state: string; version: string }[]
    }
    expect(status.dependencies.find((each) => each.name === 'mlflow')).toMatchObject({
      state: 'ok',
      version: server.version,
    })
  })
}

if ('reason' in server)
  describe.skip(`traces in MLflow ${server.version} (not run: ${server.reason})`, () => {
    it('is not run', () => {})
  })
else describeMatrix(`traces in MLflow ${server.version}`, { mlflow: url }, tests)
