import { createPeer, type Peer } from '../a2a/client.ts'
import type { Secret } from '../config/secret.ts'
import type { ServiceName } from '../domain/names.ts'
import type { Fetch } from '../http/fetch.ts'
import { createTokenSource } from '../http/service-token.ts'
import type { Basics } from './basics.ts'
import type { ServiceBinding } from './bindings.ts'

/** Where a service is and the fetch that reaches it. */
export interface Link {
  readonly url: string
  readonly fetch: Fetch
}

/** A link over a service binding; the host name is for logs alone. */
export function linkOf(service: ServiceName, binding: ServiceBinding): Link {
  return {
    url: `http://${service.replaceAll('_', '-')}.internal`,
    fetch: (request, init) => binding.fetch(request, init),
  }
}

/** An agent that another worker hosts, called with a short-lived token for each user. */
export function peerOver(
  { url, fetch }: Link,
  names: { readonly from: ServiceName; readonly to: ServiceName },
  secret: Secret,
  { now, newId }: Pick<Basics, 'now' | 'newId'>,
): Peer {
  const token = createTokenSource({ secret, issuer: names.from, audience: names.to, now })
  return createPeer({ service: names.to, url, fetch, token, now, newId })
}
