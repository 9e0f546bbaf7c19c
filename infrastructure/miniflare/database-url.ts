/** The same database as a Hyperdrive binding takes it: over TCP, and with a password, whatever it is. */
export function toHyperdriveUrl(url: string): string {
  const parsed = new URL(url)
  parsed.searchParams.delete('host') // the folder of a Unix socket
  if (parsed.password === '') parsed.password = 'none'
  return parsed.href
}
