import * as v from 'valibot'
import { HOUR_MS, NIGHT_HOURS } from '../../shared/analysis/constants.ts'
import { FOCUSES, type Focus } from '../../shared/domain/analysis.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import { ANALYSTS, type AnalystName } from '../../shared/domain/names.ts'
import { previousDates } from '../../shared/domain/time/comparison.ts'
import { defaultDates, findComparison, findDates } from '../../shared/domain/time/phrase.ts'
import { sayInstant, sayWindow } from '../../shared/domain/time/say.ts'
import {
  addDays,
  countDays,
  dayWindow,
  instantsOf,
  localParts,
  startOfLocalDay,
} from '../../shared/domain/time/zone.ts'
import type { AnalysisQuestion, LocalDates } from '../../shared/domain/turn.ts'
import type { TimeWindow } from '../../shared/domain/window.ts'

/** What to analyse, by whom, over which time, and why. */
export interface Plan {
  readonly analysts: readonly AnalystName[]
  readonly focus: readonly Focus[]
  readonly window: TimeWindow
  readonly compare: TimeWindow | null
  readonly reason: string
  /** What the reader must know about the choice of the window, as whole sentences. */
  readonly notes: readonly string[]
}

const Dates = v.nullish(
  v.object({ start: v.pipe(v.string(), v.isoDate()), end: v.pipe(v.string(), v.isoDate()) }),
)

/** Arguments of the tool `select_analysts`; what a model gets wrong falls back to what the question itself says. */
export const Selection = v.object({
  analysts: v.fallback(v.array(v.picklist(ANALYSTS)), []),
  focus: v.fallback(v.array(v.picklist(FOCUSES)), []),
  window: v.fallback(Dates, null),
  compare: v.fallback(Dates, null),
  reason: v.fallback(v.pipe(v.string(), v.maxLength(400)), ''),
})
export type Selection = v.InferOutput<typeof Selection>

/**
 * Settles the plan: what the caller fixed wins, then what the question says in words (read by rule, so a model's slip
 * with dates cannot move the window), then the model's choice, then the default of the last 7 full local days. The
 * window is cut to the home's data; null when they do not meet at all.
 */
export function settlePlan(question: AnalysisQuestion, chosen: Selection, home: HomeInfo): Plan | null {
  const analysts = question.analysts ?? ANALYSTS.filter((name) => chosen.analysts.includes(name))
  const info = reachFor(analysts, home)
  const now = Date.parse(info.now)
  const data = { start: Date.parse(info.dataStart), end: Date.parse(info.dataEnd) }
  const zone = info.timeZone
  const spoken = findDates(question.question, now, zone, data)
  const asked = question.window ?? spoken?.dates ?? ordered(chosen.window)
  const dates = asked ?? defaultDates(now, zone)
  const cutNotes: string[] = []
  const days = cut(dates, info, cutNotes, 'The question')
  if (!days) return null
  const night = LAST_NIGHT.test(spoken?.phrase ?? '') ? nightWithin(days, dates) : null
  const window = night?.window ?? days
  const notes = night ? [night.note] : cutNotes
  const wanted =
    question.compare ?? findComparison(question.question, now, zone, data, dates) ?? ordered(chosen.compare)
  const focus = unique<Focus>([
    ...(chosen.focus.length > 0 ? chosen.focus : ['overview' as const]),
    ...(wanted ? (['comparison'] as const) : []),
  ])
  const compareDates =
    wanted ?? (focus.some((f) => f === 'overview' || f === 'comparison') ? previousDates(dates) : null)
  const then = compareDates ? whole(compareDates, info) : null
  const compare = then && samePart(window, dates, then)
  if (compare && compare !== then)
    notes.push(
      `That time is not over, so it is compared with the same part of the other: ${sayWindow(compare)}.`,
    )
  if (wanted && !compare)
    notes.push(
      `There is no data for the period to compare with (${sayWindow(dayWindow(wanted.start, wanted.end, zone))}).`,
    )
  return {
    analysts: analysts.length > 0 ? analysts : ['energy'],
    focus,
    window,
    compare,
    reason: chosen.reason || 'the question is about the use of energy',
    notes,
  }
}

const LAST_NIGHT = /^last\s+night$/i

/** The night between the two days, which is all that "last night" means; null where there is no data of it. */
function nightWithin(days: TimeWindow, dates: LocalDates): { window: TimeWindow; note: string } | null {
  const zone = days.timeZone
  const start = localInstant(dates.start, NIGHT_HOURS.from * 60, zone)
  const end = Math.min(localInstant(dates.end, NIGHT_HOURS.to * 60, zone), Date.parse(days.end))
  if (start < Date.parse(days.start) || end <= start) return null
  return {
    window: { ...days, start: new Date(start).toISOString(), end: new Date(end).toISOString() },
    note: `Last night is taken from ${sayInstant(start, zone)} to ${sayInstant(end, zone)}.`,
  }
}

/** The first instant of a local time of day, in minutes; the day's start where the clock change leaves it out. */
function localInstant(date: string, minutes: number, zone: string): number {
  return (
    instantsOf(Date.parse(`${date}T00:00:00Z`) + minutes * 60_000, zone)[0] ?? startOfLocalDay(date, zone)
  )
}

/** How far back a live home's states are looked at where its meters are younger, or have ended. */
const LIVE_DAYS = 30

/** The home with the range that these analysts can work on: without the energy analyst no meter limits it. */
function reachFor(analysts: readonly AnalystName[], info: HomeInfo): HomeInfo {
  if (info.live !== true || analysts.length === 0 || analysts.includes('energy')) return info
  const start = Math.min(Date.parse(info.dataStart), Date.parse(info.now) - LIVE_DAYS * 86_400_000)
  return { ...info, dataStart: new Date(start).toISOString(), dataEnd: info.now }
}

function ordered(dates: { start: string; end: string } | null | undefined): LocalDates | null {
  return dates && dates.start <= dates.end ? dates : null
}

/** The window of these days, cut to the home's data, with a note where something is cut away. */
function cut(dates: LocalDates, info: HomeInfo, notes: string[], who: string): TimeWindow | null {
  const full = dayWindow(dates.start, dates.end, info.timeZone)
  const start = Math.max(Date.parse(full.start), Date.parse(info.dataStart))
  const end = Math.min(Date.parse(full.end), knownUntil(info, start))
  if (start >= end) return null
  if (start > Date.parse(full.start) || end < Date.parse(full.end)) {
    const first = localParts(start, info.timeZone).date
    const last = localParts(end - 1, info.timeZone).date
    notes.push(
      first === dates.start && last === dates.end
        ? `The last day is not over: its data ends at ${sayInstant(end, info.timeZone)}.`
        : `${who} asks for ${sayWindow(full)}, but of that there is data only for ${sayWindow({ ...full, start: toIso(start), end: toIso(end) })}.`,
    )
  }
  return { start: toIso(start), end: toIso(end), timeZone: info.timeZone }
}

const toIso = (instant: number) => new Date(instant).toISOString()

/** A recorder writes an hour's row when the hour is over; so of a running hour nothing is known. A file has all it has. */
function knownUntil(info: HomeInfo, start: number): number {
  const end = Date.parse(info.dataEnd)
  const hour = Math.floor(end / HOUR_MS) * HOUR_MS
  return info.source === 'file' || hour <= start ? end : hour
}

/** The window of these days when the home has data for the most of it, else null: a stump is no comparison. */
function whole(dates: LocalDates, info: HomeInfo): TimeWindow | null {
  const full = dayWindow(dates.start, dates.end, info.timeZone)
  const window = cut(dates, info, [], '')
  if (!window) return null
  const span = Date.parse(window.end) - Date.parse(window.start)
  return span >= 0.5 * (Date.parse(full.end) - Date.parse(full.start)) ? window : null
}

/**
 * A window that the present cuts off is held against as much of the other: a week of two days with the first two days
 * of the last one, up to the same time of day. Windows that are over, and other windows that are shorter, stay.
 */
function samePart(window: TimeWindow, asked: LocalDates, other: TimeWindow): TimeWindow {
  const zone = window.timeZone
  const end = Date.parse(window.end)
  if (end >= Date.parse(dayWindow(asked.start, asked.end, zone).end)) return other
  const first = localParts(Date.parse(window.start), zone).date
  const last = localParts(end, zone)
  const date = addDays(localParts(Date.parse(other.start), zone).date, countDays(first, last.date) - 1)
  const same = localInstant(date, last.hour * 60 + last.minute, zone)
  if (same >= Date.parse(other.end) || same <= Date.parse(other.start)) return other
  return { ...other, end: new Date(same).toISOString() }
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)]
}
