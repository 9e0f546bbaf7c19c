/** Where Home Assistant is: `http` is the base of REST paths, `webSocket` the address of its socket. */
export interface Address {
  readonly http: string
  readonly webSocket: string
}

/**
 * Addresses to try for what somebody wrote as HA_URL, best first: with its path (behind a proxy Home Assistant may live
 * below one), then without (a page's address was pasted). A trailing slash, `/api`, a query and a fragment do not count.
 *
 * @example addressesOf('http://ha.local:8123/lovelace/0')[1].webSocket // ws://ha.local:8123/api/websocket
 */
export function addressesOf(written: string): readonly [Address, ...Address[]] {
  const { origin, pathname } = new URL(written)
  const path = pathname
    .replace(/\/+$/, '')
    .replace(/\/api(\/websocket)?$/, '')
    .replace(/\/+$/, '')
  const bare = addressAt(origin)
  return path === '' ? [bare] : [addressAt(`${origin}${path}`), bare]
}

function addressAt(http: string): Address {
  return { http, webSocket: `${http.replace(/^http/, 'ws')}/api/websocket` }
}
