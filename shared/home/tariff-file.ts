import * as v from 'valibot'
import type { Tariff, TariffBand } from '../domain/tariff.ts'
import { AetherError } from '../errors/aether-error.ts'

type Days = TariffBand['days']

const DAY_WORDS: Readonly<Record<string, Days>> = {
  all: 'all',
  every: 'all',
  everyday: 'all',
  daily: 'all',
  working: 'working',
  workday: 'working',
  workdays: 'working',
  weekday: 'working',
  weekdays: 'working',
  weekend: 'weekend',
  weekends: 'weekend',
}

const price = v.pipe(v.number('must be a number'), v.finite('must be finite'))
const time = v.pipe(
  v.string('must be a time such as "07:00"'),
  v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time from "00:00" to "24:00"'),
)
const month = v.pipe(
  v.number('must be a month from 1 to 12'),
  v.integer('must be a whole month'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(12, 'must be at most 12'),
)
const monthText = v.pipe(
  v.string('must be a month such as "04"'),
  v.regex(/^(0[1-9]|1[0-2])$/, 'must be "01" to "12"'),
)
const date = v.pipe(v.string('must be a date'), v.check(isDate, 'must be a date such as "2026-12-25"'))

const bandSchema = v.strictObject({
  name: v.optional(
    v.pipe(
      v.string('must be text'),
      v.trim(),
      v.minLength(1, 'must not be empty'),
      v.maxLength(60, 'must have at most 60 characters'),
    ),
  ),
  rate: price,
  days: v.optional(
    v.pipe(
      v.string('must be "all", "working" or "weekend"'),
      v.check((word) => word.trim().toLowerCase() in DAY_WORDS, 'must be "all", "working" or "weekend"'),
    ),
    'all',
  ),
  from: v.optional(time, '00:00'),
  to: v.optional(time, '24:00'),
  season: v.optional(
    v.nullable(
      v.union(
        [v.pipe(v.array(month), v.minLength(1)), v.strictObject({ from: monthText, to: monthText })],
        'must be a list of months (1 to 12) or {"from": "04", "to": "09"}, both included',
      ),
    ),
    null,
  ),
})
type BandInput = v.InferOutput<typeof bandSchema>

const tariffSchema = v.strictObject({
  currency: v.pipe(
    v.string('must be an ISO 4217 code'),
    v.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "EUR"'),
  ),
  standing_per_day: v.optional(v.pipe(price, v.minValue(0, 'must not be negative')), 0),
  import: v.pipe(
    v.array(bandSchema, 'must be a list of bands'),
    v.minLength(1, 'must have at least one band'),
  ),
  holidays: v.optional(v.array(date, 'must be a list of dates'), []),
  export: v.optional(v.nullable(price), null),
})

/**
 * Reads a tariff (the JSON of `HOME_TARIFF`, as text or parsed): `{currency, standing_per_day?, import: [{name?, rate,
 * days?, from?, to?, season?}], holidays?, export?}`. Rates are major currency units a kWh, times local, `to` exclusive
 * and up to `24:00`; a band over midnight (`22:00` to `06:00`) holds in both parts of each of its days. `days` is
 * `all`, `working` or `weekend` (also `weekdays` and the like); `season` a list of months or `{from: "MM", to: "MM"}`,
 * both included and possibly over the new year. The first band that matches an hour counts; an hour of any day or month
 * without a band is a fault. Bands without a name get one by their rate. Throws INVALID_INPUT with all faults, each
 * with path and reason, never a value.
 *
 * @example parseTariff({ currency: 'EUR', import: [{ rate: 0.31 }] })
 */
export function parseTariff(json: unknown): Tariff {
  const parsed = v.safeParse(tariffSchema, typeof json === 'string' ? parseJson(json) : json)
  if (!parsed.success) throw invalid(parsed.issues.map(toFault))
  const input = parsed.output
  const names = bandNames(input.import)
  const bands = input.import.flatMap((band, index) =>
    toBands(band, index, names[index] ?? `band ${index + 1}`),
  )
  const holes = findHoles(bands)
  if (holes.length > 0) throw invalid(holes)
  return {
    currency: input.currency,
    standingPerDay: input.standing_per_day,
    import: bands,
    holidays: input.holidays,
    exportRate: input.export,
    dynamic: null,
    dynamicExport: null,
  }
}

function invalid(faults: readonly string[]): AetherError {
  return new AetherError('INVALID_INPUT', `The tariff is not valid: ${faults.join('; ')}.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AetherError('INVALID_INPUT', 'The tariff is not valid: the file is not JSON.', { cause })
  }
}

function isDate(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text
}

/** Path and reason of an issue; its message could hold the value, so only our own texts pass. */
function toFault(issue: v.BaseIssue<unknown>): string {
  let path = ''
  for (const { key, type } of issue.path ?? [])
    path += type === 'array' ? `[${String(key)}]` : `${path === '' ? '' : '.'}${String(key)}`
  const where = path === '' ? 'the file' : path
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return `${where} is not known`
    if (issue.received === 'undefined') return `${where} is missing`
    return `${where} must be an object`
  }
  return `${where} ${issue.received === 'undefined' ? 'is missing' : issue.message}`
}

const RATE_NAMES: readonly (readonly string[])[] = [
  ['flat'],
  ['off-peak', 'on-peak'],
  ['off-peak', 'mid-peak', 'on-peak'],
]

/** Names for bands that have none: by the order of up to three rates, otherwise by number. */
function bandNames(bands: readonly BandInput[]): readonly string[] {
  const rates = [...new Set(bands.map((band) => band.rate))].sort((a, b) => a - b)
  const byRate = RATE_NAMES[rates.length - 1]
  return bands.map((band) => {
    const rank = rates.indexOf(band.rate)
    return band.name ?? byRate?.[rank] ?? `band ${rank + 1}`
  })
}

function monthsOf(season: BandInput['season']): readonly number[] | null {
  if (season === null) return null
  if (Array.isArray(season)) return [...new Set(season)].sort((a, b) => a - b)
  const first = Number(season.from)
  const last = Number(season.to)
  const count = ((last - first + 12) % 12) + 1
  return Array.from({ length: count }, (_, i) => ((first - 1 + i) % 12) + 1).sort((a, b) => a - b)
}

/** A band over midnight becomes its two parts of a day. */
function toBands(band: BandInput, index: number, name: string): readonly TariffBand[] {
  const { rate, from, to } = band
  if (from === to)
    throw invalid([`import[${index}].to must differ from its from; a whole day is 00:00 to 24:00`])
  if (from === '24:00') throw invalid([`import[${index}].from must be before 24:00`])
  const days = DAY_WORDS[band.days.trim().toLowerCase()] ?? 'all'
  const part = (start: string, end: string) => ({
    name,
    rate,
    days,
    from: start,
    to: end,
    months: monthsOf(band.season),
  })
  if (from < to) return [part(from, to)]
  return to === '00:00' ? [part(from, '24:00')] : [part(from, '24:00'), part('00:00', to)]
}

const KINDS = ['working', 'weekend'] as const

/** Times of day without a rate: one fault for the first minute of each hole in each month and kind of day. */
function findHoles(bands: readonly TariffBand[]): readonly string[] {
  const holes = new Map<string, number[]>()
  for (const kind of KINDS)
    for (let m = 1; m <= 12; m++) {
      const holding = bands.filter(
        (band) =>
          (band.days === 'all' || band.days === kind) && (band.months === null || band.months.includes(m)),
      )
      for (const hole of openTimes(holding)) {
        const key = `${kind === 'working' ? 'working days' : 'weekends and holidays'} from ${hole}`
        holes.set(key, [...(holes.get(key) ?? []), m])
      }
    }
  return [...holes].map(
    ([when, months]) =>
      `import has no rate on ${when}${months.length === 12 ? '' : ` in month ${months.join(', ')}`}`,
  )
}

/** The times of a day that no band covers, as `HH:MM to HH:MM`. */
function openTimes(bands: readonly TariffBand[]): readonly string[] {
  const open: string[] = []
  let covered = '00:00'
  for (const band of [...bands].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (band.from > covered) open.push(`${covered} to ${band.from}`)
    if (band.to > covered) covered = band.to
  }
  if (covered < '24:00') open.push(`${covered} to 24:00`)
  return open
}
