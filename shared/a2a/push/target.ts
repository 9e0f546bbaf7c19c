import { AetherError } from '../../errors/aether-error.ts'

/** Where notifications may go. */
export interface PushRules {
  /** Origins such as `https://hooks.example.com`; null allows any (the conformance kit's agent alone). */
  readonly origins: readonly string[] | null
  /** True allows plain HTTP and addresses that are not public (the conformance kit's agent alone). */
  readonly anywhere: boolean
}

const MAX_URL = 2_048

function refuse(reason: string): never {
  throw new AetherError('INVALID_INPUT', `url ${reason}.`, { details: { param: 'url' } })
}

/** Reads the target of notifications. Throws INVALID_INPUT, with the reason, for one that the rules do not allow. */
export function readTarget(text: string, rules: PushRules): URL {
  if (text.length > MAX_URL || !URL.canParse(text)) refuse('must be an absolute URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(rules.anywhere && url.protocol === 'http:'))
    refuse('must begin with https://')
  if (url.username !== '' || url.password !== '') refuse('must not hold credentials')
  if (rules.origins && !rules.origins.includes(url.origin))
    refuse('is none of the targets that are allowed here')
  const literal = addressIn(url)
  if (literal !== null && !rules.anywhere && !isPublicAddress(literal)) refuse('must have a public address')
  return url
}

/** The address that stands in a URL instead of a name, or null. */
export function addressIn({ hostname }: URL): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : null
}

/** Ranges of IPv4 that are not globally reachable (IANA special-purpose registry), as first address and bits. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
/** Ranges within 2000::/3 that are not, or that lead to addresses of IPv4. */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** True for an address of the public internet. What is no address is not one. */
export function isPublicAddress(address: string): boolean {
  if (!address.includes(':')) {
    const bits = v4Bits(address)
    return bits !== null && !SPECIAL_V4.some(([first, length]) => shares(bits, v4Bits(first), length, 32))
  }
  const bits = v6Bits(address)
  if (bits === null || !shares(bits, v6Bits('2000::'), 3, 128)) return false
  return !SPECIAL_V6.some(([first, length]) => shares(bits, v6Bits(first), length, 128))
}

function shares(a: bigint, b: bigint | null, length: number, size: number): boolean {
  const rest = BigInt(size - length)
  return b !== null && a >> rest === b >> rest
}

function v4Bits(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number)
  if (!parts || parts.some((part) => part > 255)) return null
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function v6Bits(text: string): bigint | null {
  const [plain = ''] = text.split('%')
  // The parser of URLs knows every way to write an address, and gives one.
  if (!URL.canParse(`http://[${plain}]`)) return null
  const canonical = new URL(`http://[${plain}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const groups = (half: string) => (half === '' ? [] : half.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n)
}
