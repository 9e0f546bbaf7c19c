import { AetherError } from '../../../shared/errors/aether-error.ts'
import { toWireError } from '../../../shared/errors/wire.ts'
import { eventFrame } from '../../../shared/http/sse-writer.ts'
import type { StoredEvent } from '../../../shared/storage/runs/rows.ts'
import { DONE } from '../chat/chunks.ts'
import type { FeedItem } from './feed-item.ts'

/** A stored event as our JSON has it. */
export function toEventJson(stored: StoredEvent) {
  return { seq: stored.seq, at: stored.at.toISOString(), service: stored.service, event: stored.event }
}

/**
 * A run's feed as server-sent events: stored ones with their seq as `id`, live deltas with neither. Text is placed by
 * its offset: a stored `text` event covers what live deltas have said before. Ends with `[DONE]`; a run that this
 * process had to let go of ends with an error event that has no seq, and goes on elsewhere.
 */
export async function* encodeEvents(
  pages: AsyncIterable<readonly FeedItem[]>,
  now: () => number,
): AsyncGenerator<string> {
  for await (const items of pages) yield items.map((item) => encodeItem(item, now)).join('')
  yield DONE
}

function encodeItem(item: FeedItem, now: () => number): string {
  if (item.kind === 'stored') {
    const data = JSON.stringify(toEventJson(item.stored))
    return eventFrame({ id: item.stored.seq, data })
  }
  if (item.kind === 'live') {
    const { at, service, event } = item.live
    return eventFrame({ data: JSON.stringify({ at: at.toISOString(), service, event }) })
  }
  const event = { kind: 'error', ...toWireError(new AetherError('SERVER_SHUTDOWN')) }
  const at = new Date(now()).toISOString()
  return eventFrame({ data: JSON.stringify({ at, service: 'gateway', event }) })
}
