import type { DeviceConsumption, Span } from '../domain/home-data.ts'
import { sayDay, sayInstant } from '../domain/time/say.ts'
import { addDays, localParts, offsetMs, startOfLocalDay } from '../domain/time/zone.ts'
import { COVERAGE_CAVEAT, FUSE_KW, HOUR_MS, STALE_INTERVALS } from './constants.ts'
import { formatPercent, formatSpanHours } from './format.ts'
import { duplicateFlags } from './quality/duplicates.ts'
import { aboveFuseFlags, exportFlags, flippedFlags, nightSolarFlags } from './quality/impossible.ts'
import { stuckFlags } from './quality/stuck.ts'
import { unitMixFlags } from './quality/unit-mix.ts'
import { bucketMs, coverage, type Flag, type Series } from './series/series.ts'

export interface QualityContext {
  readonly span: Span
  readonly zone: string
  /** The home's present, epoch ms. */
  readonly now: number
  /** Which ids are meters of which kind. */
  readonly roles?: {
    readonly solar?: readonly string[]
    readonly gridTo?: readonly string[]
    readonly battery?: readonly string[]
  }
  readonly devices?: readonly DeviceConsumption[]
  readonly fuseKw?: number
}

/**
 * The first step of every analysis: everything odd about these series within the span, each a typed flag with ids, time
 * and effect. Flags that the series already carry (gap, reset, dip, negative, catch-up) are among them.
 */
export function qualityFlags(list: readonly Series[], context: QualityContext): Flag[] {
  const { span, zone, roles = {}, devices = [], fuseKw = FUSE_KW } = context
  const { solar = [], gridTo = [], battery = [] } = roles
  const mayRest = new Set([...solar, ...gridTo, ...battery, ...devices.map((device) => device.statistic)])
  const flags: Flag[] = list.flatMap((series) => [
    ...series.flags,
    ...coverageFlags(series, context),
    ...stuckFlags(series, mayRest.has(series.id)),
    ...unitMixFlags(series),
    ...aboveFuseFlags(series, fuseKw),
    ...(solar.includes(series.id) ? nightSolarFlags(series, zone) : []),
    ...(gridTo.includes(series.id) && solar.length + battery.length === 0 ? exportFlags(series, span) : []),
    ...(gridTo.includes(series.id) || battery.includes(series.id) ? [] : flippedFlags(series, span)),
  ])
  return [...flags, ...duplicateFlags(list, devices, span), ...clockFlags(span, zone)]
    .filter((flag) => flag.start < span.end && flag.end > span.start)
    .sort((a, b) => a.start - b.start)
}

/** A flag as a sentence; `name` is what the flagged series is called. Times are local to the zone. */
export function describeFlag(flag: Flag, name: string, zone: string): string {
  if (flag.kind === 'clock_change') return `On ${sayDay(flag.start, zone)} ${flag.effect}.`
  const subject = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  if (flag.kind === 'coverage' || flag.kind === 'duplicate') return `${subject}: ${flag.effect}.`
  const when =
    flag.end - flag.start > HOUR_MS
      ? `${sayInstant(flag.start, zone)} to ${sayInstant(flag.end, zone)}`
      : sayInstant(flag.start, zone)
  return `${subject}: ${flag.effect} (${when}).`
}

/** Too little data in the span, and rows that stopped coming before the span's end or now. */
function coverageFlags(series: Series, { span, now }: QualityContext): Flag[] {
  const flags: Flag[] = []
  const ids = [series.id]
  const inside = series.points.filter((p) => p.start < span.end && p.end > span.start)
  const share = coverage(inside, span)
  if (share < COVERAGE_CAVEAT) {
    const effect =
      share === 0 ? 'there is no data at all' : `there is data for ${formatPercent(share)} of the time`
    flags.push({ kind: 'coverage', ids, start: span.start, end: span.end, effect })
  }
  const last = inside.at(-1)
  const until = Math.min(now, span.end)
  if (last && until - last.end > STALE_INTERVALS * bucketMs(series.bucket)) {
    const effect = `no new data for the last ${formatSpanHours((until - last.end) / HOUR_MS)}`
    flags.push({ kind: 'stale', ids, start: last.end, end: until, effect })
  }
  return flags
}

/** Days of 23 or 25 hours: counted right, but worth knowing when days are compared. */
function clockFlags(span: Span, zone: string): Flag[] {
  const flags: Flag[] = []
  let date = localParts(span.start, zone).date
  for (let start = startOfLocalDay(date, zone); start < span.end; ) {
    date = addDays(date, 1)
    const end = startOfLocalDay(date, zone)
    if (offsetMs(start, zone) !== offsetMs(end, zone)) {
      const hours = Math.round((end - start) / HOUR_MS)
      const effect = `the clocks changed, so that day has ${hours} hours; each is counted once`
      flags.push({ kind: 'clock_change', ids: [], start, end, effect })
    }
    start = end
  }
  return flags
}
