import type { EntityState } from '../../domain/home-data.ts'
import type { Now } from '../../domain/ids.ts'
import { isZone } from '../../domain/time/zone.ts'
import type { ReadOptions } from '../port.ts'
import type { Message } from './calls.ts'
import type { Link } from './link.ts'
import type { LiveStates } from './live-states.ts'
import type { Missing } from './missing.ts'
import type { Remembered } from './remembered.ts'
import type { Rest } from './rest.ts'
import { textIn } from './shapes.ts'

/** What the parts of the adapter read with. */
export interface Reader {
  readonly now: Now
  readonly missing: Missing
  readonly remembered: Remembered
  call(message: Message, options: ReadOptions): Promise<unknown>
  /** A call that may take Home Assistant a while on a small board. */
  longCall(message: Message, options: ReadOptions): Promise<unknown>
  get(path: string, options: ReadOptions): Promise<string>
  config(options: ReadOptions): Promise<CoreConfig>
  states(options: ReadOptions): Promise<readonly EntityState[]>
}

/** Home Assistant's own settings. */
export interface CoreConfig {
  readonly name: string
  readonly timeZone: string
  readonly currency: string | null
  readonly version: string
}

const LONG_MS = 30_000

export function createReader(
  parts: Pick<Reader, 'now' | 'missing' | 'remembered'> & { link: Link; rest: Rest; live: LiveStates },
): Reader {
  const { link, rest, live, now, missing, remembered } = parts
  return {
    now,
    missing,
    remembered,
    call: (message, { signal }) => link.call(message, { signal }),
    longCall: (message, { signal }) => link.call(message, { signal, deadlineMs: LONG_MS }),
    get: async (path, { signal }) => {
      await link.config(signal)
      return rest.get(path, signal)
    },
    async config({ signal }) {
      const read = await link.config(signal)
      const zone = textIn(read.time_zone)
      return {
        name: textIn(read.location_name) ?? 'Home',
        timeZone: zone !== null && isZone(zone) ? zone : 'UTC',
        currency: textIn(read.currency),
        version: textIn(read.version) ?? '',
      }
    },
    async states({ signal }) {
      await link.config(signal)
      return link.waitFor(live.read(), { signal })
    },
  }
}
