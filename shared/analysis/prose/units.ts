/** What kind of quantity a unit stands for, and how much of the kind's base unit one of it is. */
export interface UnitMeaning {
  /** Money is `money:EUR`; `money` alone is money of a currency that the sign does not tell. */
  readonly kind: string
  readonly factor: number
}

const unit = (kind: string, factor: number): UnitMeaning => ({ kind, factor })

const UNITS: Readonly<Record<string, UnitMeaning>> = {
  wh: unit('energy', 1e-3),
  kwh: unit('energy', 1),
  mwh: unit('energy', 1e3),
  gwh: unit('energy', 1e6),
  'watt-hour': unit('energy', 1e-3),
  'kilowatt-hour': unit('energy', 1),
  w: unit('power', 1),
  watt: unit('power', 1),
  kw: unit('power', 1e3),
  kilowatt: unit('power', 1e3),
  mw: unit('power', 1e6),
  '%': unit('share', 0.01),
  percent: unit('share', 0.01),
  'per cent': unit('share', 0.01),
  'percentage point': unit('share', 0.01),
  pp: unit('share', 0.01),
  '€': unit('money:EUR', 1),
  euro: unit('money:EUR', 1),
  '£': unit('money:GBP', 1),
  pound: unit('money:GBP', 1),
  $: unit('money', 1),
  dollar: unit('money', 1),
  cent: unit('money', 0.01),
  ct: unit('money', 0.01),
  '¢': unit('money', 0.01),
  pence: unit('money', 0.01),
  s: unit('time', 1 / 3600),
  second: unit('time', 1 / 3600),
  min: unit('time', 1 / 60),
  minute: unit('time', 1 / 60),
  h: unit('time', 1),
  hr: unit('time', 1),
  hour: unit('time', 1),
  day: unit('time', 24),
  week: unit('time', 168),
  '°c': unit('°C', 1),
  'm³': unit('m³', 1),
  m3: unit('m³', 1),
  count: unit('count', 1),
}

/** Capitals after a number may be anything (`5 LED lamps`), so only common currencies count as such. */
const CURRENCIES = new Set(
  'EUR USD GBP CHF CAD AUD NZD JPY CNY INR SEK NOK DKK PLN CZK HUF RON BGN TRY ZAR BRL MXN ILS KRW SGD HKD THB ISK UAH AED MYR'.split(
    ' ',
  ),
)

const WORDS =
  'kilowatt[- ]hours?|watt[- ]hours?|kilowatts?|watts?|[kKmMgG]?[wW]h|[kKM]?W|percentage points?|per ?cent|percent|pp|%|€|£|\\$|¢|euros?|dollars?|pounds?|cents?|ct|pence|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|h|s|°C|m³|m3'

/** A unit right after a number, Markdown emphasis and a hyphen (`15-minute`) in between allowed; group 1. */
export const UNIT_AFTER = new RegExp(
  `^(?:\\*\\*|__|\`)?[\\s\\u00a0\\u202f-]?(?:\\*\\*|__|\`)?(${WORDS}|[A-Z]{3})(?![\\p{L}\\p{N}])`,
  'u',
)
/** A currency right before a number; group 1. */
export const UNIT_BEFORE = /(?:([€£$])|\b([A-Z]{3}))[\s\u00a0\u202f]?(?:\*\*)?$/u

/** What a unit means, as prose or a metric writes it; null for what is no unit. Of money the common ISO codes. */
export function unitMeaning(text: string): UnitMeaning | null {
  const key = text.toLowerCase().replace(/[\s-]+/g, text.includes('att') ? '-' : ' ')
  const known = UNITS[key] ?? UNITS[key.replace(/s$/, '')]
  if (known) return known
  return CURRENCIES.has(text) ? unit(`money:${text}`, 1) : null
}

/** True when the kinds are one, a bare `money` being any currency. */
export function sameKind(a: string, b: string): boolean {
  return a === b || (a.startsWith('money') && b.startsWith('money') && (a === 'money' || b === 'money'))
}
