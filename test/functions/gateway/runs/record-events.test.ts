import { describe, expect, test } from 'vitest'
import { createChannel } from '../../../../functions/gateway/runs/channel.ts'
import type { FeedItem } from '../../../../functions/gateway/runs/feed-item.ts'
import { createRecorder } from '../../../../functions/gateway/runs/record-events.ts'
import type { StoredEvent } from '../../../../shared/storage/runs/rows.ts'
import type { UsageRow } from '../../../../shared/storage/usage/record-usage.ts'
import { createGate } from '../../../fakes/scripted-agent.ts'

function setUp(store?: (events: readonly StoredEvent[]) => Promise<boolean>) {
  const clock = { now: 1_000_000 }
  const batches: (readonly StoredEvent[])[] = []
  const usage: UsageRow[] = []
  const published: FeedItem[] = []
  const lost: unknown[] = []
  const channel = createChannel({ publishedSeq: 0, limit: 10, onClose() {}, onDrop() {} })
  const recorder = createRecorder({
    owner: 'alice',
    runId: 'run_1',
    attempt: 1,
    after: 0,
    channel: { ...channel, publish: (item) => published.push(item) },
    async store(events, rows) {
      batches.push(events)
      usage.push(...rows)
      return store ? store(events) : true
    },
    onLost: (cause) => lost.push(cause),
    now: () => clock.now,
  })
  const stored = () => batches.flat()
  return { recorder, clock, batches, usage, published, lost, stored }
}

const status = (text: string) => ({ kind: 'status', text }) as const

describe('createRecorder', () => {
  test('numbers events from 1 without a gap and publishes them after they are stored', async () => {
    const gate = createGate()
    const t = setUp(async () => {
      await gate.opened
      return true
    })
    t.recorder.event('architect', status('a'))
    t.recorder.event('architect', status('b'))
    await Promise.resolve()
    expect(t.published).toEqual([])
    gate.open()
    expect(await t.recorder.settle()).toBe(true)
    expect(t.stored().map((event) => event.seq)).toEqual([1, 2])
    expect(t.published).toHaveLength(2)
    expect(t.recorder.last({ kind: 'result', text: '', analysisIds: [] }).seq).toBe(3)
  })

  test('what comes in while a batch is written goes out as one batch', async () => {
    const gate = createGate()
    const t = setUp(async () => {
      await gate.opened
      return true
    })
    for (let i = 0; i < 50; i++) t.recorder.event('architect', status(String(i)))
    gate.open()
    await t.recorder.settle()
    expect(t.batches.length).toBeLessThanOrEqual(2)
    expect(t.stored()).toHaveLength(50)
  })

  test('a thousand tokens within a second are one write; readers get each at once', async () => {
    const t = setUp()
    for (let i = 0; i < 1_000; i++) t.recorder.text('architect', 'ab')
    await t.recorder.settle()
    expect(t.stored().map((event) => event.event)).toEqual([
      { kind: 'text', delta: 'ab'.repeat(1_000), offset: 0 },
    ])
    expect(t.published.filter((item) => item.kind === 'live')).toHaveLength(1_000)
  })

  test('text is stored about once a second, or at 4 KB, with offsets that fit', async () => {
    const t = setUp()
    t.recorder.text('architect', 'a'.repeat(10))
    t.clock.now += 1_000
    t.recorder.tick()
    t.recorder.text('architect', 'b'.repeat(5_000))
    t.recorder.text('architect', 'c')
    t.clock.now += 999
    t.recorder.tick()
    await t.recorder.settle()
    expect(
      t.stored().map(({ event }) => event.kind === 'text' && [event.offset, event.delta.length]),
    ).toEqual([
      [0, 10],
      [10, 5_000],
      [5_010, 1],
    ])
    expect(t.recorder.answer).toHaveLength(5_011)
  })

  test('a surrogate pair is never stored in halves', async () => {
    const t = setUp()
    t.recorder.text('architect', `${'x'.repeat(5_000)}\ud83d`)
    t.recorder.text('architect', '\ude00!')
    await t.recorder.settle()
    const deltas = t.stored().map(({ event }) => (event.kind === 'text' ? event.delta : ''))
    expect(deltas.every((delta) => delta.isWellFormed())).toBe(true)
    expect(deltas.join('')).toBe(`${'x'.repeat(5_000)}\u{1f600}!`)
  })

  test('thinking is never stored', async () => {
    const t = setUp()
    t.recorder.event('architect', { kind: 'reasoning', delta: 'hm' })
    await t.recorder.settle()
    expect(t.batches).toEqual([])
    expect(t.published).toHaveLength(1)
  })

  test('tokens are counted with the event that reports them', async () => {
    const t = setUp()
    t.recorder.event('architect', {
      kind: 'usage',
      service: 'ds_orchestrator',
      model: 'm',
      promptTokens: 1,
      completionTokens: 2,
      totalTokens: 3,
    })
    await t.recorder.settle()
    expect(t.usage).toMatchObject([
      { owner: 'alice', runId: 'run_1', service: 'ds_orchestrator', model: 'm', totalTokens: 3 },
    ])
    expect(t.stored()[0]?.event).toMatchObject({ kind: 'usage', total_tokens: 3 })
  })

  test('a lost lease stops everything: nothing is published that is not stored', async () => {
    const t = setUp(async () => false)
    t.recorder.event('architect', status('a'))
    t.recorder.text('architect', 'b')
    expect(await t.recorder.settle()).toBe(false)
    t.recorder.event('architect', status('c'))
    expect(t.published).toEqual([])
    expect(t.lost).toEqual(['lease lost'])
    expect(t.batches).toHaveLength(1)
  })

  test('a database that stays away is a lost run', async () => {
    const fault = new Error('away')
    const t = setUp(() => Promise.reject(fault))
    t.recorder.event('architect', status('a'))
    expect(await t.recorder.settle()).toBe(false)
    expect(t.lost).toEqual([fault])
  })

  test('an agent far ahead of the database waits for it', async () => {
    const gate = createGate()
    const t = setUp(async () => {
      await gate.opened
      return true
    })
    for (let i = 0; i < 1_500; i++) t.recorder.event('architect', status('x'))
    let free = false
    const room = t.recorder.room().then(() => {
      free = true
    })
    await new Promise((resolve) => setTimeout(resolve))
    expect(free).toBe(false)
    gate.open()
    await room
    expect(free).toBe(true)
  })
})
