import { describe, expect, test } from 'vitest'
import { encodeJson } from '../../../../functions/gateway/chat/encode-json.ts'
import { encodeStream, toAnswer } from '../../../../functions/gateway/chat/encode-openai.ts'
import type { FeedItem } from '../../../../functions/gateway/runs/feed-item.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import type { WireEvent } from '../../../../shared/storage/runs/rows.ts'
import { parseSse } from '../sse.ts'

const at = new Date('2026-11-24T00:00:00Z')
let seq = 0
const stored = (event: WireEvent, attempt = 1): FeedItem => ({
  kind: 'stored',
  stored: { seq: ++seq, attempt, at, service: 'architect', event },
})
const live = (delta: string, offset: number): FeedItem => ({
  kind: 'live',
  live: { attempt: 1, at, service: 'architect', event: { kind: 'text', delta, offset } },
})
const usage: WireEvent = {
  kind: 'usage',
  service: 'architect',
  model: 'm',
  prompt_tokens: 800,
  completion_tokens: 90,
  total_tokens: 890,
}

/** The items two by two: which come together says nothing. */
async function* feed(items: readonly FeedItem[], fault?: unknown): AsyncGenerator<readonly FeedItem[]> {
  for (let i = 0; i < items.length; i += 2) yield items.slice(i, i + 2)
  if (fault !== undefined) throw fault
}

async function frames(items: readonly FeedItem[], options: object = {}, fault?: unknown) {
  const head = { id: 'chatcmpl-1', created: 1, model: 'aether/auto', events: false, includeUsage: false }
  let text = ''
  for await (const frame of encodeStream(toAnswer(feed(items, fault), 1), { ...head, ...options }))
    text += frame
  return parseSse(text).map((frame) => frame.data)
}

const ANSWER = [
  stored({ kind: 'status', text: 'Reading' }),
  stored(usage),
  live('Last week ', 0),
  live('used 84.2 kWh', 10),
  stored(usage),
  stored({ kind: 'text', delta: 'Last week used 84.2 kWh', offset: 0 }),
  stored({ kind: 'result', text: 'Last week used 84.2 kWh', analysis_ids: ['ana_1'] }),
]
const STOP = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'aether/auto' }

describe('the stream', () => {
  test('role, text once, one stop with the summed usage, the end marker', async () => {
    expect(await frames(ANSWER)).toEqual([
      { ...STOP, choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] },
      { ...STOP, choices: [{ index: 0, delta: { content: 'Last week ' }, finish_reason: null }] },
      { ...STOP, choices: [{ index: 0, delta: { content: 'used 84.2 kWh' }, finish_reason: null }] },
      {
        ...STOP,
        choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1600, completion_tokens: 180, total_tokens: 1780 },
      },
      '[DONE]',
    ])
  })

  test('asked for, usage comes alone and last', async () => {
    const all = await frames(ANSWER, { includeUsage: true })
    expect(all.at(-3).usage).toBeUndefined()
    expect(all.at(-3).choices[0].finish_reason).toBe('stop')
    expect(all.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 1780 } })
    expect(all.at(-1)).toBe('[DONE]')
  })

  test('events ride on empty deltas, only when asked', async () => {
    const withEvents = (await frames(ANSWER, { events: true })).filter((frame) => frame.aether)
    expect(withEvents.map((frame) => frame.aether.event.kind)).toEqual(['status', 'usage', 'usage', 'result'])
    for (const frame of withEvents)
      expect(frame.choices).toEqual([{ index: 0, delta: {}, finish_reason: null }])
    expect(Object.keys(withEvents[0].aether)).toEqual(['v', 'seq', 'at', 'service', 'event'])
    expect((await frames(ANSWER)).some((frame) => frame.aether)).toBe(false)
  })

  test('thinking goes to reasoning_content, never to content', async () => {
    const thought: FeedItem = {
      kind: 'live',
      live: { attempt: 1, at, service: 'architect', event: { kind: 'reasoning', delta: 'hm' } },
    }
    const [, reasoning] = await frames([thought, ...ANSWER])
    expect(reasoning.choices[0].delta).toEqual({ reasoning_content: 'hm' })
  })

  test('a failed run ends with its error, then the end marker, and no stop', async () => {
    const all = await frames([
      live('Last', 0),
      stored({
        kind: 'error',
        code: 'llm_unavailable',
        message: 'The language model does not answer.',
        retryable: true,
      }),
    ])
    expect(all.at(-2)).toEqual({
      error: {
        message: 'The language model does not answer.',
        type: 'server_error',
        param: null,
        code: 'llm_unavailable',
      },
    })
    expect(all.at(-1)).toBe('[DONE]')
    expect(all.some((frame) => frame.choices?.[0]?.finish_reason)).toBe(false)
  })

  test('an unknown code of an agent tells nothing of the inside', async () => {
    const all = await frames([
      stored({ kind: 'error', code: 'E_SQL', message: 'select 1', retryable: false }),
    ])
    expect(all.at(-2).error.code).toBe('internal')
    expect(JSON.stringify(all)).not.toContain('select 1')
  })

  test.each([
    ['is let go of', [{ kind: 'interrupted' } as const], undefined, 'server_shutdown'],
    ['ends without an end', [], undefined, 'cancelled'],
    ['breaks', [], new AetherError('STORAGE_UNAVAILABLE'), 'storage_unavailable'],
  ])('a feed that %s is never a bare end of file', async (_name, items, fault, code) => {
    const all = await frames(items, {}, fault)
    expect(all.at(-2).error.code).toBe(code)
    expect(all.at(-1)).toBe('[DONE]')
  })
})

describe('the JSON body', () => {
  const options = { id: 'chatcmpl-1', created: 1, model: 'gpt-4o', events: false, about: { run_id: 'run_1' } }

  test('holds the whole answer, the summed usage and where to read more', async () => {
    expect(await encodeJson(toAnswer(feed(ANSWER), 1), options)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'gpt-4o',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Last week used 84.2 kWh' },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 1600, completion_tokens: 180, total_tokens: 1780 },
      aether: { run_id: 'run_1', analysis_ids: ['ana_1'] },
    })
  })

  test('a failed run throws its error', async () => {
    const items = [stored({ kind: 'error', code: 'deadline_exceeded', message: 'x', retryable: false })]
    await expect(encodeJson(toAnswer(feed(items), 1), options)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    })
  })
})
