/** One hour of a household. */
export interface Reading {
  /** Epoch ms. */
  readonly start: number
  readonly kwh: number
  readonly band: Band
}

export type Band = 'off-peak' | 'mid-peak' | 'on-peak'

/** A household of Ontario, hour by hour without a gap. */
export interface Household {
  readonly readings: readonly Reading[]
  /** Local dates on which a working day is priced as a weekend. */
  readonly holidays: readonly string[]
}

export const ZONE = 'America/Toronto'
export const CURRENCY = 'CAD'

/** Dollars a kWh. */
export const RATES: Readonly<Record<Band, number>> = {
  'off-peak': 0.062,
  'mid-peak': 0.092,
  'on-peak': 0.108,
}

/** What the bands and rates of the readings themselves make of them, without any of Aether's own code. */
export function truthOf({ readings }: Household): { readonly kwh: number; readonly bill: number } {
  return {
    kwh: readings.reduce((sum, { kwh }) => sum + kwh, 0),
    bill: readings.reduce((sum, { kwh, band }) => sum + kwh * RATES[band], 0),
  }
}

/** The same as the JSON of `HOME_TARIFF`. */
export function tariffOf({ holidays }: Household): unknown {
  const working = (rate: Band, from: string, to: string) => ({
    name: rate,
    rate: RATES[rate],
    days: 'working',
    from,
    to,
  })
  return {
    currency: CURRENCY,
    import: [
      working('on-peak', '07:00', '11:00'),
      working('mid-peak', '11:00', '17:00'),
      working('on-peak', '17:00', '19:00'),
      { name: 'off-peak', rate: RATES['off-peak'] },
    ],
    holidays,
  }
}

const LOCAL = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  weekday: 'short',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
})

/** Date, hour and day of the week of an instant in the household's zone. */
export function localTime(at: number): {
  readonly date: string
  readonly hour: number
  readonly weekend: boolean
} {
  const part = Object.fromEntries(LOCAL.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    hour: Number(part.hour),
    weekend: part.weekday === 'Sat' || part.weekday === 'Sun',
  }
}
