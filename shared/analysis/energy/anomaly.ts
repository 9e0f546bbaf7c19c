import { localParts } from '../../domain/time/zone.ts'
import {
  ANOMALY_LEAST_SCATTER,
  ANOMALY_MINUTES,
  ANOMALY_SAMPLES,
  ANOMALY_SLOT_SAMPLES,
  ANOMALY_Z,
  HOUR_MS,
  MAD_TO_SIGMA,
  MINUTE_MS,
} from '../constants.ts'
import { formatNumber, formatPercent, formatSpanHours, formatValue } from '../format.ts'
import { groupBy, median, medianDeviation } from '../numeric.ts'
import type { Point } from '../series/series.ts'

/** A stretch of time far from what is usual for its day of the week and hour. Values in the unit of the points. */
export interface Anomaly {
  readonly start: number
  readonly end: number
  /** Mean value, and what would have been usual. */
  readonly value: number
  readonly usual: number
  /** (value − usual) / usual; null where usual is 0. */
  readonly fraction: number | null
  /** Robust z of the farthest point. */
  readonly z: number
  readonly hours: number
}

interface Judged {
  readonly point: Point
  readonly usual: number
  readonly z: number
}

/**
 * Points whose robust z is at least 3.5, joined while they are on one side and lasting at least 45 min. Usual is the
 * median of the same day of week and local hour, blended with that of the hour over all days (with fewer than 4 of
 * these, of everything) by how many samples the slot has: weight min(1, n/4). The scatter of a few weeks' slot is itself
 * chance, so it is never taken below that of everything. A point is never judged by itself. Not for meter readings or
 * battery levels. Empty below 20 samples of history.
 */
export function findAnomalies(points: readonly Point[], history: readonly Point[], zone: string): Anomaly[] {
  if (history.length < ANOMALY_SAMPLES) return []
  const values = history.map((p) => p.value)
  const globalMedian = median(values)!
  const globalDeviation = medianDeviation(values)!
  const slots = groupBy(history, (point) => slotOf(point.start, zone))
  const hours = groupBy(history, (point) => slotOf(point.start, zone) % 24)
  const events: Judged[][] = []
  for (const point of points) {
    const slot = others(slots.get(slotOf(point.start, zone)), point)
    const hour = others(hours.get(slotOf(point.start, zone) % 24), point)
    const wide = hour.length >= ANOMALY_SLOT_SAMPLES
    const weight = Math.min(1, slot.length / ANOMALY_SLOT_SAMPLES)
    const usual = blend(weight, median(slot), wide ? median(hour)! : globalMedian)
    const ofHour = wide ? medianDeviation(hour)! : globalDeviation
    const deviation = Math.max(globalDeviation, blend(weight, medianDeviation(slot), ofHour))
    const scatter = Math.max(MAD_TO_SIGMA * deviation, ANOMALY_LEAST_SCATTER * Math.abs(usual))
    if (scatter === 0) continue
    const z = (point.value - usual) / scatter
    if (Math.abs(z) < ANOMALY_Z) continue
    const event = events.at(-1)
    const last = event?.at(-1)
    if (event && last && last.point.end === point.start && last.z > 0 === z > 0)
      event.push({ point, usual, z })
    else events.push([{ point, usual, z }])
  }
  return events.map(toAnomaly).filter((event) => event.end - event.start >= ANOMALY_MINUTES * MINUTE_MS)
}

/** A value from so many times the usual on is said as times, not as percent. */
const MANY_TIMES = 5

/**
 * What an anomaly was, as a clause: `4.6 W, usually 85 W, 94.6 % below, for 3 h`. `per` tells of what time a value is the
 * sum, such as ` an hour`.
 */
export function describeAnomaly(anomaly: Anomaly, unit: string, per = ''): string {
  const { value, usual, fraction, hours } = anomaly
  const side = value < usual ? 'below' : 'above'
  const times = fraction === null ? 0 : fraction + 1
  const percent = fraction === null ? '' : `, ${formatPercent(Math.abs(fraction))} ${side}`
  const share = times >= MANY_TIMES ? `, ${formatNumber(times, 0)} times as much` : percent
  return `${formatValue(value, unit)}${per}, usually ${formatValue(usual, unit)}${share}, for ${formatSpanHours(hours)}`
}

function toAnomaly(event: readonly Judged[]): Anomaly {
  const mean = (of: (judged: Judged) => number) =>
    event.reduce((sum, each) => sum + of(each), 0) / event.length
  const value = mean(({ point }) => point.value)
  const usual = mean((judged) => judged.usual)
  const start = event[0]!.point.start
  const end = event.at(-1)!.point.end
  const z = event.reduce((most, each) => (Math.abs(each.z) > Math.abs(most) ? each.z : most), 0)
  return {
    start,
    end,
    value,
    usual,
    fraction: usual === 0 ? null : (value - usual) / Math.abs(usual),
    z,
    hours: (end - start) / HOUR_MS,
  }
}

/** The values of a slot without the point that is judged. */
function others(slot: readonly Point[] | undefined, point: Point): number[] {
  return (slot ?? []).filter((p) => p.start !== point.start).map((p) => p.value)
}

function blend(weight: number, slot: number | null, wide: number): number {
  return slot === null ? wide : weight * slot + (1 - weight) * wide
}

function slotOf(instant: number, zone: string): number {
  const { weekday, hour } = localParts(instant, zone)
  return weekday * 24 + hour
}
