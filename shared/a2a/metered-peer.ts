import type { Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import { measureStream } from '../http/measure-stream.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Peer } from './client.ts'

/**
 * The same peer, measured: time to its first event and to its end. `from` is who calls.
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
    call: (message, context) =>
      measureStream(peer.call(message, context), {
        now,
        signal: context.signal,
        onFirst: (seconds) => first.observe(seconds, hop),
        onEnd: (seconds, outcome) => duration.observe(seconds, { ...hop, outcome }),
      }),
  }
}
