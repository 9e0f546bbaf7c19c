import { setTimeout as sleep } from 'node:timers/promises'
import { toAetherError } from '../../shared/errors/aether-error.ts'
import { banner } from '../node/banner.ts'
import { readEnvWithSecrets } from '../node/bootstrap/dotenv.ts'
import { openHome } from '../node/bootstrap/home.ts'
import { findRoot } from '../node/bootstrap/root.ts'
import { type Config, toConfig } from '../node/config.ts'
import { runCommand } from '../node/run-command.ts'
import { endOnSignals } from '../node/signals.ts'
import { VERSION } from '../node/version.ts'
import { createBundler } from './bundler.ts'
import { type RunningWorkers, startOnMiniflare } from './start.ts'

const READY_MS = 10_000
const HOME_MS = 8_000

// `npm run dev`: the services as workers under Miniflare, the gateway on PORT, built again on every change.
await runCommand(async (say) => {
  const root = findRoot()
  const env = await readEnvWithSecrets(root, process.env)
  const config = toConfig({ ...env, AETHER_SERVICE: undefined, DEPLOYMENT_MODE: undefined }, root)
  const bundler = await createBundler(root)
  let running: RunningWorkers | null = null
  let stopping = false
  const start = startOnMiniflare({ root, bundler, config, say, watching: true })
  endOnSignals({
    stop: async () => {
      stopping = true
      const started = await start.catch(() => null) // so that nothing half open is left
      await started?.stop()
    },
    abandon: () => running?.storage.kill(),
    say,
    now: () => Date.now(),
  })
  running = await start
  await untilReady(running.url)
  if (!stopping) say(await describe(config, running))
})

/** The first look at all four also starts them. */
async function untilReady(url: string): Promise<void> {
  const late = AbortSignal.timeout(READY_MS)
  while (!late.aborted) {
    const response = await fetch(`${url}/ready`, { signal: late }).catch(() => null)
    if (response?.ok) return
    await sleep(100)
  }
}

async function describe(config: Config, running: RunningWorkers): Promise<string> {
  const { url, model, storage, sandbox } = running
  const home = openHome(config.home, Date.now)
  const read = await home.source.info({ signal: AbortSignal.timeout(HOME_MS) }).then(
    (info) => ({ home: info, homeTrouble: null }),
    (error: unknown) => ({ home: null, homeTrouble: toAetherError(error).message }),
  )
  await home.close()
  const database = `${storage.description}, through Hyperdrive bindings`
  return banner({ config, version: VERSION, url, ...read, model, database, sandbox, command: 'npm run dev' })
}
