import type { StoredEvent } from '../../../shared/storage/runs/rows.ts'

/** A piece of text or reasoning on its way: it has an offset and no seq, and is never stored as it is. */
export interface LiveDelta {
  readonly attempt: number
  readonly at: Date
  readonly service: string
  readonly event:
    | { readonly kind: 'text'; readonly delta: string; readonly offset: number }
    | { readonly kind: 'reasoning'; readonly delta: string }
}

/** What a reader of a run gets. `interrupted`: this process lets go of the run, which goes on elsewhere. */
export type FeedItem =
  | { readonly kind: 'stored'; readonly stored: StoredEvent }
  | { readonly kind: 'live'; readonly live: LiveDelta }
  | { readonly kind: 'interrupted' }

/** True for the event that ends a run's stream. */
export function isLast(stored: StoredEvent): boolean {
  return stored.event.kind === 'result' || stored.event.kind === 'error'
}
