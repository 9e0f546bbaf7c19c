/** Statistics, energy settings and the exposure list have had their present calls since then. */
const LEAST = [2023, 9] as const

/** True for a release that can be read, such as `2026.11.0` or `2024.3.0b2`; text that is no version is refused. */
export function isSupported(version: string): boolean {
  const [, year, month] = /^(\d{4})\.(\d{1,2})\b/.exec(version) ?? []
  if (year === undefined || month === undefined) return false
  return Number(year) > LEAST[0] || (Number(year) === LEAST[0] && Number(month) >= LEAST[1])
}
