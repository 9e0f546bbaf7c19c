/** Longest form of an IPv6 address with a zone. */
const LONGEST = 64

/**
 * The address that a request comes from. `proxies` is how many proxies of ours stand in front: each adds the address
 * that it sees at the end of `X-Forwarded-For`, so the one so many places from the end was written by the outermost of
 * them. What stands before it anybody may have written, and counts for nothing. Null where it cannot be told.
 */
export function clientAddress(
  socket: string | null,
  forwardedFor: string | null,
  proxies: number,
): string | null {
  if (proxies === 0) return plain(socket)
  const entries = (forwardedFor ?? '').split(',').map((entry) => entry.trim())
  return plain(entries.at(-proxies) ?? null)
}

/** An IPv4 address that came over an IPv6 socket is one; anything that is no address is none. */
function plain(address: string | null): string | null {
  const text = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  return text.length <= LONGEST && /^[0-9a-f.:]+(%[\w.-]+)?$/i.test(text) ? text : null
}
