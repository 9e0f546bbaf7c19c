import { sha256Hex } from '../../config/digest.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const PREFIX = 'aeth_'
const LOOKUP_LENGTH = 10

/** What is stored of a key's secret. */
export interface KeyMaterial {
  /** Finds the row; no secret. */
  readonly lookup: string
  /** SHA-256 of the secret, hex. */
  readonly hash: string
}

/** A new secret: `aeth_<lookup>_<256 random bits>`. */
export function newKeySecret(): string {
  return `${PREFIX}${random(LOOKUP_LENGTH)}_${random(52)}`
}

/**
 * What is stored of a secret. Our own keys carry their lookup part; of any other text (an API_KEY that somebody
 * chose) it is the beginning of another hash, which says nothing about the stored one.
 */
export async function toKeyMaterial(secret: string): Promise<KeyMaterial> {
  const hash = await sha256Hex(secret)
  const own = secret.startsWith(PREFIX) && secret[PREFIX.length + LOOKUP_LENGTH] === '_'
  if (own) return { lookup: secret.slice(PREFIX.length, PREFIX.length + LOOKUP_LENGTH), hash }
  return { lookup: (await sha256Hex(`lookup:${secret}`)).slice(0, 16), hash }
}

function random(length: number): string {
  let out = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) out += ALPHABET[byte & 31]
  return out
}
