import { describe, expect, test } from 'vitest'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createLanguageModel } from '../../../shared/llm/client.ts'
import { complete, completeTool } from '../../../shared/llm/complete.ts'
import type { ModelChunk, ModelRequest } from '../../../shared/llm/port.ts'
import { createFakeModel, type FakeModel, type FakeStep } from '../../fakes/fake-model.ts'

const REQUEST: ModelRequest = {
  purpose: 'converse',
  model: null,
  messages: [{ role: 'user', content: 'hello' }],
}
const TOOL = { name: 'look', description: 'Looks', parameters: { type: 'object', properties: {} } }

interface Limits {
  readonly firstByteMs?: number
  readonly idleMs?: number
  readonly totalMs?: number
  readonly now?: () => number
}

function modelOver(fake: FakeModel, limits: Limits = {}, waits: number[] = []) {
  return createLanguageModel({
    baseUrl: 'http://model.test/v1',
    apiKey: 'sk-test',
    model: 'fake-1',
    fetch: fake.fetch,
    firstByteMs: limits.firstByteMs ?? 5_000,
    idleMs: limits.idleMs ?? 5_000,
    totalMs: limits.totalMs ?? 10_000,
    now: limits.now ?? Date.now,
    offline: false,
    sleep: async (ms) => {
      waits.push(ms)
    },
  })
}

const callNow = (signal = new AbortController().signal) => ({ signal, deadline: Date.now() + 60_000 })

async function collect(steps: readonly FakeStep[], request = REQUEST, limits: Limits = {}) {
  const fake = createFakeModel(steps)
  const chunks: ModelChunk[] = []
  let error: unknown
  const waits: number[] = []
  try {
    for await (const chunk of modelOver(fake, limits, waits).stream(request, callNow())) chunks.push(chunk)
  } catch (thrown) {
    error = thrown
  }
  const text = chunks.map((chunk) => (chunk.kind === 'text' ? chunk.delta : '')).join('')
  return { fake, chunks, text, error, waits }
}

const codeOf = (error: unknown) => (error instanceof AetherError ? error.code : error)

describe('a good answer', () => {
  test('text comes in pieces, usage last', async () => {
    const { chunks, text } = await collect([{ kind: 'reply', text: 'Hello there, you.' }])
    expect(text).toBe('Hello there, you.')
    expect(chunks.at(-1)).toEqual({
      kind: 'usage',
      model: 'fake-1',
      promptTokens: 11,
      completionTokens: 5,
      totalTokens: 16,
    })
  })

  test('usage is estimated where the provider sends none', async () => {
    const { chunks } = await collect([{ kind: 'reply', text: 'Four words or so.', usage: null }])
    const usage = chunks.at(-1)
    if (usage?.kind !== 'usage') throw new Error('no usage')
    expect(usage.completionTokens).toBeGreaterThan(2)
    expect(usage.totalTokens).toBe(usage.promptTokens + usage.completionTokens)
  })

  test('tool calls are put together from their pieces', async () => {
    const calls = [
      { id: 'a', name: 'look', arguments: '{"where":"kitchen"}' },
      { id: 'b', name: 'look', arguments: '{"where":"hall"}' },
    ]
    const { chunks } = await collect([{ kind: 'reply', calls }])
    expect(chunks.flatMap((chunk) => (chunk.kind === 'tool_call' ? [chunk.call] : []))).toEqual(calls)
  })

  test('thinking is kept out of the text, by key and by tag', async () => {
    const tagged = await collect([{ kind: 'reply', text: '<think>hm, well</think>\n\nYes.' }])
    expect(tagged.text).toBe('Yes.')
    const keyed = await collect([{ kind: 'reply', text: 'Yes.', reasoning: 'hm' }])
    expect(keyed.chunks[0]).toEqual({ kind: 'reasoning', delta: 'hm' })
    expect(keyed.text).toBe('Yes.')
  })

  test('only keys that every provider knows are sent', async () => {
    const { fake } = await collect([{ kind: 'reply', text: 'x' }], {
      ...REQUEST,
      tools: [TOOL],
      requiredTool: 'look',
    })
    expect(Object.keys(fake.requests[0] ?? {}).sort()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
      'tool_choice',
      'tools',
    ])
    expect(fake.headers[0]?.get('authorization')).toBe('Bearer sk-test')
  })

  test('tool traffic goes out as the API wants it', async () => {
    const { fake } = await collect([{ kind: 'reply', text: 'x' }], {
      ...REQUEST,
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'look', arguments: '{}' }] },
        { role: 'tool', content: 'dark', toolCallId: 'c' },
      ],
    })
    expect(fake.requests[0]?.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', content: 'dark', tool_call_id: 'c' },
    ])
  })
})

describe('a bad answer', () => {
  const faults: readonly { readonly name: string; readonly step: FakeStep; readonly says: RegExp }[] = [
    { name: '401', step: { kind: 'status', status: 401 }, says: /LLM_API_KEY/ },
    { name: '404', step: { kind: 'status', status: 404 }, says: /LLM_MODEL/ },
    { name: '400', step: { kind: 'status', status: 400 }, says: /refused/ },
    { name: 'cut', step: { kind: 'cut', text: 'half' }, says: /cut off/ },
    { name: 'a garbage line', step: { kind: 'garbage', text: 'half' }, says: /not a valid answer/ },
    {
      name: 'an error in mid-stream',
      step: { kind: 'error_mid_stream', text: 'half' },
      says: /failed while/,
    },
  ]
  test.each(faults)(
    '$name is LLM_UNAVAILABLE after one request, without the provider’s words',
    async ({ step, says }) => {
      const { error, fake } = await collect([step])
      expect(codeOf(error)).toBe('LLM_UNAVAILABLE')
      expect((error as AetherError).message).toMatch(says)
      expect((error as AetherError).message).not.toContain('secret-detail')
      expect((error as AetherError).cause).toBeDefined()
      expect(fake.requests).toHaveLength(1)
    },
  )

  test.each<{ name: string; step: FakeStep }>([
    { name: '429', step: { kind: 'status', status: 429, headers: { 'retry-after-ms': '20' } } },
    { name: '500', step: { kind: 'status', status: 500 } },
    { name: 'no connection', step: { kind: 'refuse_connection' } },
  ])('$name before the first byte is tried again', async ({ step }) => {
    const { text, fake, waits } = await collect([step, step, { kind: 'reply', text: 'at last' }])
    expect(text).toBe('at last')
    expect(fake.requests).toHaveLength(3)
    if (step.kind === 'status' && step.status === 429) expect(waits).toEqual([20, 20])
  })

  test('three failures are enough', async () => {
    const { error, fake } = await collect([{ kind: 'status', status: 503 }])
    expect(codeOf(error)).toBe('LLM_UNAVAILABLE')
    expect(fake.requests).toHaveLength(3)
  })

  test.each<{ name: string; step: FakeStep; limits: Limits; says: RegExp }>([
    {
      name: 'silence before the headers',
      step: { kind: 'hang_before_headers' },
      limits: { firstByteMs: 40 },
      says: /begin to answer/,
    },
    {
      name: 'silence before the first chunk',
      step: { kind: 'hang_before_first_chunk' },
      limits: { firstByteMs: 40 },
      says: /begin to answer/,
    },
    {
      name: 'silence in mid-stream',
      step: { kind: 'hang_mid_stream', text: 'ha' },
      limits: { idleMs: 40 },
      says: /stopped in the middle/,
    },
    {
      name: 'an endless answer',
      step: { kind: 'hang_mid_stream', text: 'ha' },
      limits: { totalMs: 40 },
      says: /too long/,
    },
  ])('$name ends by its own timer', async ({ step, limits, says }) => {
    const { error, fake } = await collect([step], REQUEST, limits)
    expect(codeOf(error)).toBe('LLM_UNAVAILABLE')
    expect((error as AetherError).message).toMatch(says)
    expect(fake.requests).toHaveLength(1)
  })

  test('a tool call with bad JSON comes as it is; the helper makes null of it', async () => {
    const fake = createFakeModel([{ kind: 'reply', calls: [{ name: 'look', arguments: '{"where": kit' }] }])
    const reply = await completeTool(modelOver(fake), { ...REQUEST, tools: [TOOL] }, callNow())
    expect(reply).toMatchObject({ name: 'look', arguments: null })
  })
})

describe('the caller', () => {
  test('leaving closes the provider’s stream and keeps the caller’s reason', async () => {
    const fake = createFakeModel([{ kind: 'hang_mid_stream', text: 'ha' }])
    const controller = new AbortController()
    const reason = new Error('gone')
    const read = async () => {
      for await (const chunk of modelOver(fake).stream(REQUEST, callNow(controller.signal)))
        if (chunk.kind === 'text') controller.abort(reason)
    }
    await expect(read()).rejects.toBe(reason)
    expect(fake.closed).toBe(1)
  })

  test('breaking off the loop closes the provider’s stream', async () => {
    const fake = createFakeModel([{ kind: 'hang_mid_stream', text: 'ha' }])
    for await (const chunk of modelOver(fake).stream(REQUEST, callNow())) if (chunk.kind === 'text') break
    expect(fake.closed).toBe(1)
  })

  test('a deadline that has passed asks nobody', async () => {
    const fake = createFakeModel([{ kind: 'reply', text: 'x' }])
    const late = { signal: new AbortController().signal, deadline: Date.now() - 1 }
    await expect(complete(modelOver(fake), REQUEST, late)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
    expect(fake.requests).toHaveLength(0)
  })

  test('a deadline that comes in mid-stream is no fault of the model', async () => {
    const fake = createFakeModel([{ kind: 'hang_mid_stream', text: 'ha' }])
    const soon = { signal: new AbortController().signal, deadline: Date.now() + 40 }
    await expect(complete(modelOver(fake), REQUEST, soon)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
  })
})

test('a provider that is down is spared by the breaker, and asked again later', async () => {
  let time = 1_000_000
  const fake = createFakeModel([
    ...Array<FakeStep>(5).fill({ kind: 'status', status: 400, body: {} }),
    ...Array<FakeStep>(6).fill({ kind: 'cut', text: 'x' }),
    { kind: 'reply', text: 'back' },
  ])
  const model = modelOver(fake, { now: () => time })
  const ask = () =>
    complete(model, REQUEST, { signal: new AbortController().signal, deadline: steadyNow() + 60_000 })
  for (let i = 0; i < 5; i++) await expect(ask()).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' })
  expect(fake.requests).toHaveLength(5) // refused requests say nothing about the provider's health
  for (let i = 0; i < 8; i++) await expect(ask()).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' })
  expect(fake.requests).toHaveLength(10)
  time += 6_000
  await expect(ask()).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' })
  time += 6_000
  expect((await ask()).text).toBe('back')
})

describe('resolve', () => {
  const signal = new AbortController().signal

  test('gives a name that the provider has, else the configured one, and reads the list once', async () => {
    const fake = createFakeModel([], ['fake-1', 'other'])
    const model = modelOver(fake)
    expect(await model.resolve('other', signal)).toBe('other')
    expect(await model.resolve('gpt-4o', signal)).toBe('fake-1')
    expect(await model.resolve(null, signal)).toBe('fake-1')
    expect(fake.lists).toBe(1)
  })

  test('never fails: without a list the configured model answers', async () => {
    const fake = createFakeModel([], null)
    expect(await modelOver(fake).resolve('other', signal)).toBe('fake-1')
    expect(await modelOver(fake).resolve('other', AbortSignal.abort())).toBe('fake-1')
  })
})
