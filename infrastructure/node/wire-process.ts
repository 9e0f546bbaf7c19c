import type { Closers } from './closers.ts'
import type { Config } from './config.ts'
import { createLinks } from './links.ts'
import { createMonolith, WIRINGS } from './monolith.ts'
import { createPoolFetch } from './pool-fetch.ts'
import type { Resources, Service } from './resources.ts'

/** Builds what the process serves: all services, or the one that it is told, with links to the others. */
export function wireProcess(config: Config, resources: Resources, closers: Closers): Service {
  if (config.service === null) return wireWhole(config, resources, closers)
  const links = createLinks(config.links, (service) => ({
    url: `http://${service.replaceAll('_', '-')}.internal`,
    fetch: (request, init) => hosted(service === 'orchestrator' ? 'gateway' : service).fetch(request, init),
    here: true,
  }))
  closers.add('links', links.close)
  const built = new Map<string, Service>()
  const hosted = (name: keyof typeof WIRINGS): Service => {
    const service = built.get(name) ?? WIRINGS[name](resources, links.linkTo)
    built.set(name, service)
    return service
  }
  return hosted(config.service)
}

/** Everything in this process, but for a sandbox runner that SANDBOX_URL names. */
function wireWhole({ links }: Config, resources: Resources, closers: Closers): Service {
  const url = links.sandbox_runner
  if (url === undefined) return createMonolith(resources)
  const { fetch, close } = createPoolFetch()
  closers.add('links', close)
  return createMonolith(resources, { sandbox_runner: { url, fetch, here: false } })
}
