import type { Span } from '../../domain/home-data.ts'
import { addDays, localParts, startOfLocalDay } from '../../domain/time/zone.ts'
import { DAY_COVERAGE, MINUTE_MS } from '../constants.ts'
import { average, groupBy, sum } from '../numeric.ts'
import { coverage, mean, type Point } from '../series/series.ts'
import { rollingMeans } from './peaks.ts'

/** Mean over peak of the same averaging, in [0, 1]; null without a peak. Points in W, window in minutes. */
export function loadFactor(points: readonly Point[], minutes: 15 | 30 | 60): number | null {
  let peak = 0
  for (const window of rollingMeans(points, minutes * MINUTE_MS)) peak = Math.max(peak, window.watts)
  const usual = mean(points)
  return usual === null || peak <= 0 ? null : usual / peak
}

export interface Profile {
  /** Mean of the values by local hour 0–23; null where no point falls. */
  readonly working: readonly (number | null)[]
  readonly weekend: readonly (number | null)[]
}

/** Mean value per local hour, working days and weekends apart; `holidays` (local dates) count as weekend. */
export function profile(points: readonly Point[], zone: string, holidays: readonly string[] = []): Profile {
  const values = { working: emptyDay(), weekend: emptyDay() }
  for (const point of points) {
    const { hour, weekday, date } = localParts(point.start, zone)
    const kind = weekday >= 6 || holidays.includes(date) ? 'weekend' : 'working'
    values[kind][hour]!.push(point.value)
  }
  return { working: values.working.map(average), weekend: values.weekend.map(average) }
}

const emptyDay = () => Array.from({ length: 24 }, (): number[] => [])

/** One local day of energy. `start` and `end` are epoch ms: 23, 24 or 25 hours apart. */
export interface Day extends Span {
  readonly date: string
  readonly kwh: number
  /** Share of the whole local day that has data. */
  readonly coverage: number
  readonly weekend: boolean
}

/** Energy by local day, for points (kWh) that begin within the span. Days without any point are absent. */
export function dailyTotals(points: readonly Point[], zone: string, span: Span): Day[] {
  const inside = points.filter((p) => p.start >= span.start && p.start < span.end)
  const groups = groupBy(inside, (p) => localParts(p.start, zone).date)
  return [...groups].map(([date, list]) => {
    const start = startOfLocalDay(date, zone)
    const end = startOfLocalDay(addDays(date, 1), zone)
    const weekday = localParts(start, zone).weekday
    return {
      date,
      start,
      end,
      kwh: sum(list.map((p) => p.value)),
      coverage: coverage(list, { start, end }),
      weekend: weekday >= 6,
    }
  })
}

/** The n days that used most, highest first; days with too little data do not take part. */
export function highestDays(days: readonly Day[], n: number): Day[] {
  return known(days)
    .toSorted((a, b) => b.kwh - a.kwh)
    .slice(0, n)
}

/** The day that used least; null without a day that has enough data. */
export function lowestDay(days: readonly Day[]): Day | null {
  return known(days).toSorted((a, b) => a.kwh - b.kwh)[0] ?? null
}

/** Mean kWh a day, over all, working and weekend days with enough data; null where there is none. */
export function dayAverages(days: readonly Day[]): {
  daily: number | null
  working: number | null
  weekend: number | null
} {
  const of = (list: readonly Day[]) => average(list.map((day) => day.kwh))
  const list = known(days)
  return {
    daily: of(list),
    working: of(list.filter((day) => !day.weekend)),
    weekend: of(list.filter((day) => day.weekend)),
  }
}

function known(days: readonly Day[]): Day[] {
  return days.filter((day) => day.coverage >= DAY_COVERAGE)
}
