/** A number in [0, 1) that depends on nothing but the seed, the key and the two indices. */
export type Draw = (a: number, b?: number) => number

function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A 32-bit number for a text (FNV-1a). */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}

/** Makes the noise source of one thing in the home: the same indices always give the same number. */
export function createDraw(seed: number, key: string): Draw {
  const base = mix(hashText(key) ^ mix(seed))
  return (a, b = 0) => (mix(base ^ mix(a + Math.imul(b, 0x9e3779b1))) >>> 0) / 4_294_967_296
}

/** Noise that moves smoothly between its nodes, one node every `period` ms; in [0, 1). */
export function smooth(draw: Draw, instant: number, period: number): number {
  const at = instant / period
  const node = Math.floor(at)
  const left = draw(node)
  return left + (draw(node + 1) - left) * (at - node)
}

/** Remembers up to `limit` results by whole number, the oldest leave first. */
export function remember<T>(make: (index: number) => T, limit: number): (index: number) => T {
  const known = new Map<number, T>()
  return (index) => {
    const hit = known.get(index)
    if (hit !== undefined) return hit
    const made = make(index)
    if (known.size >= limit) {
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    }
    known.set(index, made)
    return made
  }
}
