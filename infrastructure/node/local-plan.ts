import type { Env } from '../../shared/config/env.ts'
import { reveal } from '../../shared/config/secret.ts'
import { type Config, firstKey, HOSTED, type HostedService } from './config.ts'
import type { LocalPlan } from './local-team.ts'
import { StartFault } from './start-fault.ts'
import { tryPort } from './try-port.ts'

const LOOPBACK = '127.0.0.1'

/** How each service alone is called in variables. */
const ADDRESS: Readonly<Partial<Record<HostedService, string>>> = {
  architect: 'ARCHITECT_SERVICE_URL',
  ds_orchestrator: 'DS_ORCHESTRATOR_URL',
  ds_analysts: 'DS_ANALYSTS_URL',
  sandbox_runner: 'SANDBOX_URL',
}
/** Services that keep something in Postgres. */
const KEEPS: readonly HostedService[] = ['gateway', 'architect', 'ds_orchestrator']

/** The services on PORT and the four ports behind it: the gateway where HOST says, the others on loopback alone. */
export function planLocal(config: Config, env: Env, databaseUrl: string): LocalPlan[] {
  const urls = HOSTED.map((name, i) => ({
    name,
    port: config.port + i,
    url: `http://${LOOPBACK}:${config.port + i}`,
  }))
  const addresses = Object.fromEntries(
    urls.flatMap(({ name, url }) => (ADDRESS[name] === undefined ? [] : [[ADDRESS[name], url]])),
  )
  return urls.map(({ name, port, url }) => ({
    name,
    url,
    env: {
      ...env,
      ...addresses,
      DEPLOYMENT_MODE: 'distributed',
      AETHER_SERVICE: name,
      PORT: String(port),
      HOST: name === 'gateway' ? config.host : LOOPBACK,
      PUBLIC_URL: (name === 'gateway' ? config.publicUrl : null) ?? url,
      API_KEY: firstKey(config),
      SERVICE_SECRET: reveal(config.serviceSecret),
      ...(KEEPS.includes(name) ? { DATABASE_URL: databaseUrl } : {}),
    },
  }))
}

/** Throws StartFault that names every port of the team which cannot be taken, before anything is begun. */
export async function checkPorts(config: Config): Promise<void> {
  const last = config.port + HOSTED.length - 1
  if (config.port === 0 || last > 65_535)
    throw new StartFault(`PORT must name the first of ${HOSTED.length} ports, such as 8000.`)
  const faults: string[] = []
  for (const [i, name] of HOSTED.entries()) {
    const host = name === 'gateway' ? config.host : LOOPBACK
    const code = await tryPort(config.port + i, host)
    if (code === 'EADDRINUSE') faults.push(`Port ${config.port + i} on ${host} (${name}) is taken.`)
    else if (code !== null)
      faults.push(`Port ${config.port + i} on ${host} (${name}) cannot be used (${code}).`)
  }
  if (faults.length === 0) return
  throw new StartFault(
    [...faults, `Stop what listens there, or choose another first port with PORT.`].join('\n'),
  )
}
