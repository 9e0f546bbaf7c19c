const MINUTES_A_DAY = 1_440

/** Decimals by unit; money (ISO codes) and whatever else the home gives keep two. */
const ROUNDING: Readonly<Record<string, { decimals: number; keepZeros: boolean }>> = {
  count: { decimals: 1, keepZeros: false },
  W: { decimals: 0, keepZeros: false },
  kW: { decimals: 2, keepZeros: false },
  kWh: { decimals: 2, keepZeros: false },
  '%': { decimals: 1, keepZeros: false },
  h: { decimals: 1, keepZeros: false },
  '°C': { decimals: 1, keepZeros: false },
  'm³': { decimals: 2, keepZeros: false },
}

/**
 * A value as answers show it, with its unit: `84.2 kWh`, `29.48 EUR`, `312 W`, `3.15 kW`, `12.4 %`, `1209.42 kWh`. The dot
 * is the decimal sign; the comma groups thousands from 10,000 on. The only place where values are rounded for words.
 */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'unknown'
  const { decimals, keepZeros } = ROUNDING[unit] ?? { decimals: 2, keepZeros: true }
  const digits = unit === 'W' && Math.abs(value) < 10 ? 1 : decimals
  const text = formatNumber(value, digits)
  const shown = keepZeros ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  return unit === 'count' || unit === '' ? shown : `${shown} ${unit}`
}

/** A metric's value with its unit. */
export function formatMetric(metric: { readonly value: number; readonly unit: string }): string {
  return formatValue(metric.value, metric.unit)
}

/** A fraction as percent: 0.124 is `12.4 %`. */
export function formatPercent(fraction: number): string {
  return formatValue(fraction * 100, '%')
}

/** A length of time as people say it: `45 min`, `3 h`, `2.5 h`, `3 days`. */
export function formatSpanHours(hours: number): string {
  const minutes = Math.round(hours * 60)
  if (minutes < 120 && minutes % 60 !== 0) return `${minutes} min`
  if (minutes >= 2 * MINUTES_A_DAY) {
    const days = formatNumber(minutes / MINUTES_A_DAY, minutes % MINUTES_A_DAY === 0 ? 0 : 1)
    return `${days} days`
  }
  return `${formatNumber(minutes / 60, minutes % 60 === 0 ? 0 : 1)} h`
}

/** A number with so many decimals, thousands grouped by comma from 10,000 on, no negative zero. */
export function formatNumber(value: number, decimals: number): string {
  const fixed = roundHalfUp(value, decimals).toFixed(decimals)
  const [whole = '0', fraction] = fixed.replace('-', '').split('.')
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole
  const negative = fixed.startsWith('-') && Number(fixed) !== 0
  return `${negative ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

/** Rounds as people do by hand: 1.005 to two decimals is 1.01, whatever its binary shape; away from zero at halves. */
export function roundHalfUp(value: number, decimals: number): number {
  const factor = 10 ** decimals
  const scaled = Math.abs(value) * factor
  if (!Number.isFinite(scaled) || scaled > Number.MAX_SAFE_INTEGER) return value
  const rounded = Math.round(scaled * (1 + Number.EPSILON * 4)) / factor
  return value < 0 ? -rounded : rounded
}
