import { afterAll, expect, it } from 'vitest'
import { createOtlpReceiver } from '../fakes/otlp-receiver.ts'
import { ask } from '../harness/chat.ts'
import { type ReadSpan, readSpans } from '../harness/spans.ts'
import { describeMatrix } from '../matrix.ts'

const receiver = await createOtlpReceiver()
afterAll(() => receiver.close())

const spansOf = (traceId: string): ReadSpan[] =>
  receiver.exports.flatMap(({ body }) => readSpans(body)).filter((span) => span.traceId === traceId)

/** Names from the root to a span. */
function pathTo(span: ReadSpan, spans: readonly ReadSpan[]): string {
  const parent = spans.find((each) => each.spanId === span.parentId)
  return parent ? `${pathTo(parent, spans)} > ${span.name}` : span.name
}

describeMatrix('what a trace shows', { traces: receiver.url }, (deployment) => {
  it('one tree a run: every hop under its caller, with tokens, session and user', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const headers = { traceparent: `00-${traceId}-${'1'.repeat(16)}-01` }
    const { text, runId } = await ask(deployment(), 'Analyze my energy usage', {}, headers)
    // Each service sends its own.
    const senders = ['gateway', 'architect', 'ds_orchestrator', 'energy']
    const arrived = () => senders.filter((name) => spansOf(traceId).some((span) => span.name === name))
    await expect.poll(arrived, { timeout: 5_000 }).toEqual(senders)
    const spans = spansOf(traceId)

    const roots = spans.filter((span) => span.parentId === '')
    expect(roots.map((span) => span.name)).toEqual(['gateway'])
    // No span hangs in the air.
    const ids = new Set(spans.map((span) => span.spanId))
    expect(
      spans.filter((span) => span.parentId !== '' && !ids.has(span.parentId)).map((span) => span.name),
    ).toEqual([])
    expect(ids.size).toBe(spans.length)

    const paths = new Set(spans.map((span) => pathTo(span, spans)))
    const team = 'gateway > orchestrator > architect > ds_orchestrator > ds_analysts > energy'
    expect(paths).toContain(team)
    expect(paths).toContain(`${team} > sandbox`)
    expect(paths).toContain(`${team} > sandbox > sandbox.run`)
    expect(paths).toContain(`${team} > home.statistics`)
    expect([...paths].some((path) => path.startsWith(`${team} > chat `))).toBe(true)
    expect([...paths].some((path) => path.startsWith('gateway > orchestrator > chat '))).toBe(true)

    const [root] = roots
    expect(root?.attributes).toMatchObject({
      'mlflow.spanType': 'CHAIN',
      'mlflow.spanInputs': '"Analyze my energy usage"',
      'mlflow.spanOutputs': JSON.stringify(text),
      'user.id': 'key_first',
      'aether.run_id': runId,
      'mlflow.traceTag.outcome': 'answered',
      'mlflow.traceTag.attempts': '1',
    })
    expect(root?.attributes['session.id']).toMatch(/^conv_/)
    expect(Number(root?.attributes['mlflow.traceTag.confidence'])).toBeGreaterThan(0.5)

    const chats = spans.filter((span) => span.name.startsWith('chat '))
    const tokens = chats.map((span) => Number(span.attributes['gen_ai.usage.input_tokens']))
    expect(tokens.every((count) => count > 0)).toBe(true)
    const { usage } = (await (await deployment().fetch(`/api/v1/runs/${runId}`)).json()) as {
      usage: { prompt_tokens: number }
    }
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBe(usage.prompt_tokens)

    for (const span of spans) {
      const parent = spans.find((each) => each.spanId === span.parentId)
      expect(span.end >= span.start, span.name).toBe(true)
      // Clocks of one machine: a child begins no earlier than its parent.
      if (parent) expect(span.start >= parent.start, span.name).toBe(true)
    }
  })

  it('a caller that does not sample leaves no trace', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '')
    await ask(deployment(), 'Which lights are on?', {}, { traceparent: `00-${traceId}-${'1'.repeat(16)}-00` })
    await ask(deployment(), 'Which lights are on?')
    const count = receiver.exports.length
    await receiver.taken(count + 1)
    expect(spansOf(traceId)).toEqual([])
  })

  it('a receiver that fails changes no answer', async () => {
    receiver.answer(500)
    const failing = await ask(deployment(), 'Which lights are on?')
    receiver.answer('hang')
    const hanging = await ask(deployment(), 'Which lights are on?')
    receiver.answer(200)
    expect(failing.done && hanging.done).toBe(true)
    expect(failing.text).toBe(hanging.text)
    expect(failing.text).toContain('light')
  })
})
