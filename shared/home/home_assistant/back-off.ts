const LEAST_MS = 1_000
/** While an outage is young it is most likely a restart, which should be noticed within ten seconds. */
const YOUNG_MS = 10 * 60_000
const YOUNG_MOST_MS = 8_000
const MOST_MS = 60_000

/**
 * How long to wait before the next try to connect: doubling from 1 s to 8 s, after ten minutes of outage up to 60 s,
 * spread so that many clients do not come at once. `random` is in [0, 1).
 */
export function backOffMs(tries: number, outageMs: number, random: number): number {
  const most = outageMs < YOUNG_MS ? YOUNG_MOST_MS : MOST_MS
  return Math.min(most, LEAST_MS * 2 ** Math.min(tries, 10)) * (0.6 + 0.4 * random)
}
