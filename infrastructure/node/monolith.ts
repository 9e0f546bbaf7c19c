import type { ServiceName } from '../../shared/domain/names.ts'
import type { Link, LinkTo, Resources, Service } from './resources.ts'
import { wireArchitect, wireDsAnalysts, wireDsOrchestrator, wireSandboxRunner } from './wire-agents.ts'
import { wireGateway } from './wire-gateway.ts'

type Wiring = (resources: Resources, linkTo: LinkTo) => Service

/** Every service that a process can host. The orchestrator lives inside the gateway. */
export const WIRINGS: Readonly<Record<Exclude<ServiceName, 'orchestrator'>, Wiring>> = {
  gateway: wireGateway,
  architect: wireArchitect,
  ds_orchestrator: wireDsOrchestrator,
  ds_analysts: wireDsAnalysts,
  sandbox_runner: wireSandboxRunner,
}

/**
 * All services in one process: a link to a service is its handler's own `fetch`, so a hop is a function call. Only the
 * gateway is given to the server; the agents are reached through it alone. A runner `elsewhere` is reached over HTTP.
 */
export function createMonolith(
  resources: Resources,
  elsewhere: Readonly<Partial<Record<ServiceName, Link>>> = {},
): Service {
  const built = new Map<ServiceName, Service>()
  const linkTo: LinkTo = (service): Link =>
    elsewhere[service] ?? {
      url: `http://${service.replaceAll('_', '-')}.internal`,
      fetch: (request, init) => get(service).fetch(request, init),
      here: true,
    }
  const get = (service: ServiceName): Service => {
    const there = built.get(service)
    if (there) return there
    const made = WIRINGS[service === 'orchestrator' ? 'gateway' : service](resources, linkTo)
    built.set(service, made)
    return made
  }
  return get('gateway')
}
