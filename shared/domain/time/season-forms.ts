import type { LocalDates } from '../turn.ts'
import { monthDates, partsOf } from './calendar.ts'
import { type Form, type PhraseContext, pattern } from './mention.ts'

/** First months of the seasons as weather services count them, north of the equator: whole months, three each. */
const FIRST_MONTH = { spring: 3, summer: 6, autumn: 9, fall: 9, winter: 12 } as const
type Season = keyof typeof FIRST_MONTH
const SEASON = '(spring|summer|autumn|fall|winter)'

/** The season that begins in the year: winter goes on into the next one. */
function seasonOf(season: Season, year: number): LocalDates {
  const first = FIRST_MONTH[season]
  const last = first === 12 ? monthDates(year + 1, 2) : monthDates(year, first + 2)
  return { start: monthDates(year, first).start, end: last.end }
}

/** The latest such season that is over, or with `running` the latest that has begun. */
function latest(season: Season, { today }: PhraseContext, running: boolean): LocalDates {
  const { year } = partsOf(today)
  const [now, before, earlier] = [0, 1, 2].map((back) => seasonOf(season, year - back)) as [
    LocalDates,
    LocalDates,
    LocalDates,
  ]
  const fits = (dates: LocalDates) => (running ? dates.start <= today : dates.end < today)
  if (fits(now)) return now
  return fits(before) ? before : earlier
}

const named = (word: string | undefined) => (word ?? '').toLowerCase() as Season

/** Seasons: `last summer`, `this winter`, `in spring`, `summer 2025`, `winter of 2025` (the one that begins in that year). */
export const SEASON_FORMS: readonly Form[] = [
  {
    pattern: pattern(
      `(?:last |past |previous |in (?:the )?|during (?:the )?|over the )${SEASON}\\b(?! (?:of )?(?:19|20)\\d\\d)`,
    ),
    read: (m, c) => ({ dates: latest(named(m[1]), c, false) }),
  },
  {
    pattern: pattern(`this ${SEASON}\\b`),
    read: (m, c) => {
      const { start, end } = latest(named(m[1]), c, true)
      return { dates: { start, end: end < c.today ? end : c.today } }
    },
  },
  {
    pattern: pattern(`(?:in |the )?(?:the )?${SEASON} (?:of )?((?:19|20)\\d\\d)\\b`),
    read: (m) => ({ dates: seasonOf(named(m[1]), Number(m[2])) }),
  },
]
