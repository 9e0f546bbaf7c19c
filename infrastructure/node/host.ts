import { toAetherError } from '../../shared/errors/aether-error.ts'
import { banner, serviceBanner } from './banner.ts'
import { readEnvWithSecrets } from './bootstrap/dotenv.ts'
import { findRoot } from './bootstrap/root.ts'
import { type Config, HOSTED, toConfig } from './config.ts'
import { endOnSignals } from './signals.ts'
import { type Running, startProcess } from './start.ts'
import { StartFault } from './start-fault.ts'
import { VERSION } from './version.ts'

/**
 * The life of a server process: configuration, start, banner, and the end on a signal. `alone` insists on one service
 * that AETHER_SERVICE names; `ofTeam` is one whose parent speaks for it. Throws StartFault before it answers.
 */
export async function hostProcess(
  say: (line: string) => void,
  options: { readonly alone: boolean; readonly ofTeam?: boolean },
): Promise<void> {
  const root = findRoot()
  const config = toConfig(await readEnvWithSecrets(root, process.env), root)
  if (options.alone && config.service === null)
    throw new StartFault(`AETHER_SERVICE must name the service to start: one of ${HOSTED.join(', ')}.`)
  let running: Running | null = null
  const starting = startProcess(config, say)
  endOnSignals({
    stop: async () => {
      // A signal during the start waits for it, so that nothing half open is left.
      const started = await starting.catch(() => null)
      await started?.stop()
    },
    abandon: () => running?.storage?.kill(),
    say,
    quiet: options.ofTeam === true,
    now: () => Date.now(),
  })
  running = await starting
  // A parent that holds a channel to us (of a team, or the watcher of `make dev`) has gone when it closes.
  if (process.send) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  if (!options.ofTeam) say(await describe(config, running))
}

/** The banner waits for a home no longer than this. */
const HOME_MS = 8_000

async function describe(config: Config, running: Running): Promise<string> {
  const { url, resources, storage, sandbox } = running
  if (config.service !== null) return serviceBanner({ config, version: VERSION, url })
  const database = storage?.description ?? 'none'
  const read = await resources.home.info({ signal: AbortSignal.timeout(HOME_MS) }).then(
    (home) => ({ home, homeTrouble: null }),
    (error: unknown) => ({ home: null, homeTrouble: toAetherError(error).message }),
  )
  return banner({ config, version: VERSION, url, ...read, model: resources.llm, database, sandbox })
}
