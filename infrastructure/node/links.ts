import type { ServiceName } from '../../shared/domain/names.ts'
import { createPoolFetch } from './pool-fetch.ts'
import type { Link, LinkTo } from './resources.ts'

/**
 * Links of a service that runs alone: to the addresses of the others, over one set of kept-alive connections. A
 * service without an address is in this process.
 */
export function createLinks(
  addresses: Readonly<Partial<Record<ServiceName, string>>>,
  here: (service: ServiceName) => Link,
): { linkTo: LinkTo; close(): Promise<void> } {
  const { fetch, close } = createPoolFetch()
  const linkTo: LinkTo = (service) => {
    const url = addresses[service]
    return url === undefined ? here(service) : { url, fetch, here: false }
  }
  return { linkTo, close }
}
