let last = Number.NaN
let text = ''

/** An instant in UTC by ISO 8601; the last one is kept, since what happens at once is told several times. */
export function instantOf(ms: number): string {
  if (ms !== last) {
    text = new Date(ms).toISOString()
    last = ms
  }
  return text
}
