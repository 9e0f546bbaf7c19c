import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Peer } from './client.ts'

/**
 * The same peer, measured: time to its first event and to its end. `left`: the caller went away before the end. `from`
 * is who calls.
 */
export function meteredPeer(peer: Peer, deps: { from: ServiceName; metrics: Metrics; now: Now }): Peer {
  const { metrics, now } = deps
  const hop = { from: deps.from, to: peer.service }
  const duration = metrics.histogram(
    'aether_hop_duration_seconds',
    'Calls of an agent by another from request to end, by how they ended.',
  )
  const first = metrics.histogram(
    'aether_hop_first_event_seconds',
    'From a call of an agent by another to the first event that comes back.',
  )
  return {
    service: peer.service,
    async *call(message, context) {
      const start = now()
      const seconds = () => (now() - start) / 1_000
      let begun = false
      let outcome = 'left'
      try {
        for await (const item of peer.call(message, context)) {
          if (!begun) first.observe(seconds(), hop)
          begun = true
          yield item
        }
        outcome = 'ok'
      } catch (thrown) {
        outcome = context.signal.aborted ? 'left' : 'error'
        throw thrown
      } finally {
        duration.observe(seconds(), { ...hop, outcome })
      }
    },
  }
}
