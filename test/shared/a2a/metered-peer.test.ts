import { expect, test } from 'vitest'
import type { Peer } from '../../../shared/a2a/client.ts'
import { meteredPeer } from '../../../shared/a2a/metered-peer.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import { createMetrics } from '../../../shared/http/metrics.ts'

const events: AgentYield[] = [
  { kind: 'status', text: 'reading' },
  { kind: 'result', text: 'done', analysisIds: [] },
]

function setup(fault?: Error) {
  const clock = { now: 0 }
  const metrics = createMetrics()
  const peer: Peer = {
    service: 'architect',
    async *call() {
      for (const event of events) {
        clock.now += 250
        yield event
      }
      if (fault) throw fault
    },
  }
  return { metrics, peer: meteredPeer(peer, { from: 'gateway', metrics, now: () => clock.now }) }
}

const context = (signal = new AbortController().signal) => ({
  user: 'anna',
  messageId: 'm',
  deadline: 1e12,
  signal,
  traceparent: '',
})

test('measures a hop to its first event and to its end, and passes everything on', async () => {
  const { metrics, peer } = setup()
  const seen: AgentYield[] = []
  for await (const event of peer.call({ text: 'hi' }, context())) seen.push(event)
  expect(seen).toEqual(events)
  const text = await metrics.text()
  expect(text).toContain('aether_hop_first_event_seconds_sum{from="gateway",to="architect"} 0.25\n')
  expect(text).toContain('aether_hop_duration_seconds_sum{from="gateway",outcome="ok",to="architect"} 0.5\n')
})

test('tells faults from callers that left', async () => {
  const { metrics, peer } = setup(new Error('cut'))
  const drain = async (signal?: AbortSignal) => {
    for await (const _ of peer.call({ text: 'hi' }, context(signal)));
  }
  await expect(drain()).rejects.toThrow('cut')
  const gone = new AbortController()
  gone.abort()
  await expect(drain(gone.signal)).rejects.toThrow('cut')
  for await (const _ of peer.call({ text: 'hi' }, context())) break
  const text = await metrics.text()
  expect(text).toContain(
    'aether_hop_duration_seconds_count{from="gateway",outcome="error",to="architect"} 1\n',
  )
  expect(text).toContain(
    'aether_hop_duration_seconds_count{from="gateway",outcome="left",to="architect"} 2\n',
  )
})
