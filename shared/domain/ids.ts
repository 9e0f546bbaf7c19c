/** Prefixes tell a reader of a log or a URL what an id points to. */
export type IdPrefix =
  | 'conv'
  | 'msg'
  | 'run'
  | 'ana'
  | 'fnd'
  | 'met'
  | 'scr'
  | 'art'
  | 'prop'
  | 'task'
  | 'req'
  | 'key'
  | 'call'

/** Makes a new id; injected, so that tests can make them predictable. */
export type NewId = (prefix: IdPrefix) => string

/** The present as epoch milliseconds; injected, so that tests can set it. */
export type Now = () => number

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

function base32(value: number, length: number): string {
  let out = ''
  for (let i = 0; i < length; i++) {
    out = ALPHABET[value % 32] + out
    value = Math.floor(value / 32)
  }
  return out
}

/** Random characters of an id, and bytes that are drawn at once: to ask for a few costs as much as for many. */
const RANDOM = 16
const DRAWN = 64 * RANDOM

/**
 * Makes ids that sort by the time of their making: `<prefix>_` + 10 characters of epoch milliseconds + 16 random
 * ones (80 bits), in Crockford's base 32. Neighbouring rows share index pages, and no id can be guessed.
 */
export function createNewId(now: Now): NewId {
  const random = new Uint8Array(DRAWN)
  let at = DRAWN
  let present = -1
  let head = ''
  return (prefix) => {
    const time = now()
    if (time !== present) head = base32(time, 10)
    present = time
    if (at === DRAWN) {
      crypto.getRandomValues(random)
      at = 0
    }
    let tail = ''
    for (const end = at + RANDOM; at < end; at++) tail += ALPHABET.charAt((random[at] ?? 0) % 32)
    return `${prefix}_${head}${tail}`
  }
}
