import type { Entity } from '../../domain/home-data.ts'
import type { Track } from './acts.ts'
import type { Channel } from './energy.ts'
import type { Value } from './rooms.ts'

/** Where an entity's state comes from. */
export type Simulation =
  | { readonly kind: 'meter'; readonly channel: Channel }
  | { readonly kind: 'power'; readonly channel: Channel }
  | { readonly kind: 'number'; readonly value: Value; readonly digits: number }
  | { readonly kind: 'track'; readonly track: Track }

/** One entity of the demo home with what is behind it. */
export interface Thing {
  readonly entity: Entity
  /** The integration entry that it belongs to: outages take a whole entry. */
  readonly entryId: string
  /** Unavailable from this instant on, or null. */
  readonly lostSince: number | null
  readonly attributes: Readonly<Record<string, unknown>>
  readonly simulation: Simulation
}

/** The integration entry whose devices drop out together once a week. */
export const OUTAGE_ENTRY = 'zha'

/** A 32-digit id such as Home Assistant gives to devices, the same for the same key. */
export function deviceId(key: string): string {
  let id = ''
  let h = 0x811c9dc5
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i) ^ round, 0x01000193)
    id += ((h ^ (h >>> 15)) >>> 0).toString(16).padStart(8, '0')
  }
  return id
}
