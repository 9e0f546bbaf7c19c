import { join } from 'node:path'
import { curl, reachLine } from './banner.ts'
import { readEnvWithSecrets } from './bootstrap/dotenv.ts'
import { openHome } from './bootstrap/home.ts'
import { findRoot } from './bootstrap/root.ts'
import { openStorage, type Storage } from './bootstrap/storage.ts'
import { type Config, firstKey, toConfig } from './config.ts'
import { checkPorts, planLocal } from './local-plan.ts'
import { localTable } from './local-table.ts'
import { type LocalService, type LocalTeam, startTeam } from './local-team.ts'
import { runCommand } from './run-command.ts'
import { endOnSignals } from './signals.ts'
import { StartFault } from './start-fault.ts'
import { VERSION } from './version.ts'

/** The program that hosts one service: the bundle beside this bundle, or the source beside this source. */
const PROGRAM = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? 'service.ts' : 'service.mjs')

// `make run-distributed-local`: each service as a process of its own, on PORT and the four ports behind it.
await runCommand(async (say) => {
  const root = findRoot()
  const env = await readEnvWithSecrets(root, process.env)
  const config = toConfig({ ...env, AETHER_SERVICE: undefined }, root)
  await checkPorts(config)
  await openHome(config.home, Date.now).close() // its faults are said once here, not by four services

  let storage: Storage | null = null
  let team: LocalTeam | null = null
  const start = async () => {
    const onRestart = (message: string) => say(message)
    storage = await openStorage(config, { exclusive: true, onRestart })
    if (ending) throw new StartFault('It was stopped while it started.')
    team = startTeam({
      program: PROGRAM,
      plans: planLocal(config, env, storage.url),
      say,
      onLost: (lost, how, left) => {
        say(lostLine(lost, how, left))
        if (left === 0) process.kill(process.pid, 'SIGTERM')
      },
    })
    await team.ready()
    return team
  }
  let starting: Promise<LocalTeam> | null = null
  let ending = false
  const stop = async () => {
    ending = true
    await team?.stop()
    await starting?.catch(() => null) // so that nothing half open is left
    await team?.stop()
    await storage?.close()
  }
  endOnSignals({
    stop,
    abandon: () => {
      team?.kill()
      storage?.kill()
    },
    say,
    now: () => Date.now(),
  })
  starting = start() // after the handlers: making a database holds this process up
  const { services } = await starting.catch(async (error: unknown) => {
    if (ending) return new Promise<never>(() => {}) // the signal ends the process
    await stop()
    throw error
  })
  say(await describe(services, config))
})

async function describe(services: readonly LocalService[], config: Config): Promise<string> {
  const gateway = services[0]?.url ?? ''
  return [
    `Aether ${VERSION} is ready at ${gateway}, each service in a process of its own`,
    '',
    await localTable(services),
    '',
    'Ask it something (the key is API_KEY in .env):',
    '',
    curl(gateway, firstKey(config)),
    '',
    reachLine(config.host, gateway, 'make run-distributed-local'),
    'Ctrl-C stops them all.',
  ].join('\n')
}

function lostLine(lost: LocalService, how: string, left: number): string {
  const rest =
    left === 0
      ? 'No other is left.'
      : `The other ${left} go on; the gateway's /api/v1/status names it. Ctrl-C and a new start bring it back.`
  return `${lost.name} has ended (${how}, pid ${lost.pid}). ${rest}`
}
