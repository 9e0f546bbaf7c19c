import { expect, test } from 'vitest'
import { createMetrics } from '../../../shared/http/metrics.ts'
import { meteredModel } from '../../../shared/llm/metered-model.ts'
import type { LanguageModel, ModelChunk, ModelRequest } from '../../../shared/llm/port.ts'

const usage = (model: string): ModelChunk => ({
  kind: 'usage',
  model,
  promptTokens: 30,
  completionTokens: 5,
  totalTokens: 35,
})

/** A model whose clock is half a second further with each chunk; `fault` is thrown at the end. */
function setup(chunks: readonly ModelChunk[], fault?: Error) {
  const clock = { now: 0 }
  const metrics = createMetrics()
  const prices = new Map([['small-2026', { input: 100_000, output: 2_000_000 }]])
  const model: LanguageModel = {
    name: 'small',
    offline: false,
    resolve: async () => 'small',
    async *stream() {
      for (const chunk of chunks) {
        clock.now += 500
        yield chunk
      }
      if (fault) throw fault
    },
  }
  return { metrics, model: meteredModel(model, { metrics, prices, now: () => clock.now }) }
}

const request = (model: string | null): ModelRequest => ({ purpose: 'converse', messages: [], model })
const call = (signal = new AbortController().signal) => ({ signal, deadline: 1e12 })

async function read(model: LanguageModel, asked: string | null, signal?: AbortSignal): Promise<ModelChunk[]> {
  const seen: ModelChunk[] = []
  for await (const chunk of model.stream(request(asked), call(signal))) seen.push(chunk)
  return seen
}

test('measures a call and its first token, and counts tokens under the name that answered', async () => {
  const chunks: ModelChunk[] = [
    { kind: 'text', delta: 'a' },
    { kind: 'text', delta: 'b' },
    usage('small-2026'),
  ]
  const { metrics, model } = setup(chunks)
  expect(await read(model, null)).toEqual(chunks)
  const text = await metrics.text()
  const ok = 'aether_model_call_duration_seconds_sum{model="small",outcome="ok",purpose="converse"} 1.5\n'
  expect(text).toContain(ok)
  expect(text).toContain('aether_model_first_token_seconds_sum{model="small"} 0.5\n')
  expect(text).toContain('aether_model_tokens_total{kind="prompt",model="small-2026"} 30\n')
  expect(text).toContain('aether_model_tokens_total{kind="completion",model="small-2026"} 5\n')
  expect(text).toContain('aether_model_cost_usd_total{model="small-2026"} 13\n')
})

test('a fault passes and counts as one; a caller that leaves does not', async () => {
  const { metrics, model } = setup([{ kind: 'text', delta: 'a' }], new Error('down'))
  await expect(read(model, null)).rejects.toThrow('down')
  const gone = new AbortController()
  gone.abort()
  await expect(read(model, null, gone.signal)).rejects.toThrow('down')
  for await (const _ of model.stream(request(null), call())) break
  const text = await metrics.text()
  const count = (outcome: string) =>
    `aether_model_call_duration_seconds_count{model="small",outcome="${outcome}",purpose="converse"}`
  expect(text).toContain(`${count('error')} 1\n`)
  expect(text).toContain(`${count('left')} 2\n`)
})

test('names of models are bounded', async () => {
  const { metrics, model } = setup([usage('m')])
  for (let i = 0; i < 50; i++) await read(model, `model-${i}`)
  const names = (await metrics.text()).matchAll(/aether_model_call_duration_seconds_count\{model="([^"]+)"/g)
  const distinct = new Set([...names].map(([, name]) => name))
  expect(distinct.size).toBeLessThanOrEqual(21)
  expect(distinct).toContain('other')
})
