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

/**
 * Makes ids that sort by the time of their making: `<prefix>_` + 10 characters of epoch milliseconds + 16 random
 * ones (80 bits), in Crockford's base 32. Neighbouring rows share index pages, and no id can be guessed.
 */
export function createNewId(now: Now): NewId {
  return (prefix) => {
    // Platforms keep randomness for UUIDs at hand, which makes one of them cheaper than as many bytes.
    const uuid = crypto.randomUUID()
    const random = uuid.slice(0, 8) + uuid.slice(24) // without the digits that tell variant and version
    let tail = ''
    for (let at = 0; at < random.length; at += 5)
      tail += base32(Number.parseInt(random.slice(at, at + 5), 16), 4)
    return `${prefix}_${base32(now(), 10)}${tail}`
  }
}
