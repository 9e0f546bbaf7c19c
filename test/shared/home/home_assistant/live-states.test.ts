import { expect, test } from 'vitest'
import { createLiveStates } from '../../../../shared/home/home_assistant/live-states.ts'

const light = (state: string, a = {}) => ({ s: state, a, c: 'x', lc: 1_000 })

test('a snapshot, then changes: added, changed and removed attributes, removed entities', async () => {
  const live = createLiveStates()
  live.take({ a: { 'light.a': light('on', { friendly_name: 'A', brightness: 3 }), 'light.b': light('off') } })
  live.take({
    c: { 'light.a': { '+': { s: 'off', lc: 2_000, a: { color: 1 } }, '-': { a: ['brightness'] } } },
  })
  live.take({ c: { 'light.a': { '+': { lu: 2_500 } } }, r: ['light.b'] })
  expect(await live.read()).toEqual([
    {
      entityId: 'light.a',
      state: 'off',
      attributes: { friendly_name: 'A', color: 1 },
      lastChanged: 2_000_000,
      lastUpdated: 2_500_000,
    },
  ])
})

test('a storm on one entity keeps one state and counts the rest', async () => {
  const live = createLiveStates()
  live.take({ a: { 'sensor.a': light('0') } })
  for (let i = 1; i <= 10_000; i++) live.take({ c: { 'sensor.a': { '+': { s: String(i), lc: 1_000 + i } } } })
  expect(live.counts()).toEqual({ received: 10_000, coalesced: 9_999, dropped: 0 })
  expect((await live.read()).map((each) => each.state)).toEqual(['10000'])
})

test('entities and attributes are bounded, and what is dropped is counted', async () => {
  const live = createLiveStates()
  const many = Array.from({ length: 20_050 }, (_, i) => [`sensor.n${i}`, light('1')])
  live.take({ a: Object.fromEntries(many) })
  live.take({ c: { 'sensor.n0': { '+': { a: { friendly_name: 'N', blob: 'x'.repeat(100_000) } } } } })
  const states = await live.read()
  expect(states).toHaveLength(20_000)
  expect(states[0]?.attributes).toMatchObject({ friendly_name: 'N' })
  expect(JSON.stringify(states[0])).not.toContain('xxx')
  expect(live.counts().dropped).toBe(51)
})

test('what is no event changes nothing and never throws', async () => {
  const live = createLiveStates()
  const odd = [null, 1, 'x', [], {}, { c: { a: 1, b: null } }, { c: 3 }, { r: [1, null] }, { a: { x: 4 } }]
  for (const event of odd) live.take(event)
  live.take({ c: { 'sensor.unknown': { '+': { s: '1' } } } })
  expect(await live.read()).toEqual([])
})

test('a new subscription begins from nothing, and who waits gets its snapshot', async () => {
  const live = createLiveStates()
  const waiting = live.read()
  live.restart()
  live.restart()
  live.take({ a: { 'light.a': light('on') } })
  expect(await waiting).toHaveLength(1)
  live.restart()
  live.take({ a: { 'light.b': light('on') } })
  expect((await live.read()).map((each) => each.entityId)).toEqual(['light.b'])
})
