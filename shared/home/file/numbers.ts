const DOT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const COMMA = /^[+-]?(\d+,?\d*|,\d+)$/

/** A number as meters write it; null for what is none. A decimal comma counts only where the caller allows it. */
export function readNumber(text: string, options: { decimalComma: boolean }): number | null {
  const trimmed = text.trim()
  const dotted = options.decimalComma && COMMA.test(trimmed) ? trimmed.replace(',', '.') : trimmed
  if (!DOT.test(dotted)) return null
  const value = Number(dotted)
  return Number.isFinite(value) ? value : null
}
