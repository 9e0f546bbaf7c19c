/** How the model of the bench answers. */
export interface Manner {
  /** From the headers to the first delta, milliseconds. */
  readonly firstMs: number
  readonly deltas: number
  /** From delta to delta; 0 writes all of them at once. */
  readonly paceMs: number
}

/** An answer in one go, as for throughput. */
export const AT_ONCE: Manner = { firstMs: 0, deltas: 1, paceMs: 0 }

const A = 'a'.charCodeAt(0)

/**
 * The delta at a position: a word that no other position has, without figures, and a line of its own. What it says
 * passes every check of the architect's as it comes.
 */
export function deltaAt(position: number): string {
  return `${String.fromCharCode(A + Math.floor(position / 26), A + (position % 26))}\n`
}
