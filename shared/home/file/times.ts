import type { DataNote } from '../../domain/home-data.ts'
import { instantsOf, offsetMs, toLocalIso } from '../../domain/time/zone.ts'
import { fault } from './fault.ts'

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i
const MINUTE = 60_000
const DAY = 86_400_000

interface Wall {
  /** Wall time as epoch ms, as if it were UTC. */
  readonly wall: number
  /** Offset in ms that the text names, or null for a local time. */
  readonly offset: number | null
}

/** Reads an ISO 8601 date and time; null for what is none. 24:00 is the end of its day. */
export function readWall(text: string): Wall | null {
  const match = ISO.exec(text.trim())
  if (match === null) return null
  const [, year, month, day, hour, minute, second = '0', zone] = match
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null
  const minutes = Number(hour) * 60 + Number(minute)
  if (minutes > 1440 || Number(minute) > 59 || Number(second) > 59) return null
  // whole minutes: some meters stamp a second early or late
  const wall = midnight + (minutes + Math.round(Number(second) / 60)) * MINUTE
  if (wall > midnight + DAY) return null
  return { wall, offset: zone === undefined ? null : readOffset(zone) }
}

function readOffset(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE
}

interface Context {
  readonly timeZone: string
  readonly fileName: string
  readonly column: 'start' | 'end'
}

/**
 * Turns the time column into instants. A local time in the hour that clocks show twice is summer time when it comes
 * first and winter time when it comes again; one that clocks skip moves on by the change. Both become notes.
 */
export function readTimes(
  cells: readonly { line: number; text: string }[],
  context: Context,
): { instants: readonly number[]; notes: readonly DataNote[] } {
  const walls = cells.map(({ line, text }) => {
    const wall = readWall(text)
    if (wall === null)
      throw fault(
        context.fileName,
        line,
        `${context.column} is not an ISO 8601 time such as 2026-03-01T14:00 or 2026-03-01T14:00+01:00`,
      )
    return wall
  })
  const resolver = createResolver(context.timeZone)
  // files that begin with the newest row show the repeated hour in reverse
  const newestFirst = (walls[0]?.wall ?? 0) > (walls.at(-1)?.wall ?? 0)
  const instants = new Array<number>(walls.length)
  for (let i = 0; i < walls.length; i++) {
    const index = newestFirst ? walls.length - 1 - i : i
    const one = walls[index]
    if (one !== undefined)
      instants[index] = one.offset === null ? resolver.instantOf(one.wall) : one.wall - one.offset
  }
  return { instants, notes: resolver.notes() }
}

function createResolver(timeZone: string) {
  const seen = new Map<number, number>()
  const repeated = new Map<string, number>()
  const skipped = new Map<string, number>()
  const note = (at: number, text: string): DataNote => ({ kind: 'clock_change', at, text })
  return {
    instantOf(wall: number): number {
      const choices = instantsOf(wall, timeZone)
      const date = new Date(wall).toISOString().slice(0, 10)
      if (choices.length === 0) {
        const shifted = wall - offsetMs(wall - DAY, timeZone)
        if (!skipped.has(date)) skipped.set(date, shifted)
        return shifted
      }
      const [first = 0, second] = choices
      if (second === undefined) return first
      const count = seen.get(wall) ?? 0
      seen.set(wall, count + 1)
      if (!repeated.has(date)) repeated.set(date, first)
      return count === 0 ? first : second
    },
    notes(): readonly DataNote[] {
      return [
        ...[...repeated].map(([date, at]) =>
          note(
            at,
            `On ${date} clocks show an hour twice: its local times were read in order, summer time first.`,
          ),
        ),
        ...[...skipped].map(([date, at]) =>
          note(
            at,
            `On ${date} clocks skip an hour: local times in it were read as ${toLocalIso(at, timeZone)} and on.`,
          ),
        ),
      ]
    },
  }
}
