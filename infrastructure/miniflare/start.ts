import { ensureFirstKey } from '../../shared/storage/api-keys/ensure-first-key.ts'
import { openHome } from '../node/bootstrap/home.ts'
import { openModel } from '../node/bootstrap/model.ts'
import { openStorage, type Storage } from '../node/bootstrap/storage.ts'
import { createClosers } from '../node/closers.ts'
import { type Config, firstKey } from '../node/config.ts'
import { type Running, startProcess } from '../node/start.ts'
import { StartFault } from '../node/start-fault.ts'
import { tryPort } from '../node/try-port.ts'
import { VERSION } from '../node/version.ts'
import type { Bundler } from './bundler.ts'
import { toHyperdriveUrl } from './database-url.ts'
import { startWorkers } from './team.ts'
import { toVariables } from './variables.ts'
import { watchSources } from './watch.ts'

/** What runs under Miniflare, with what it stands on. */
export interface RunningWorkers {
  /** Of the gateway. */
  readonly url: string
  readonly storage: Storage
  readonly sandbox: Running['sandbox']
  readonly model: { readonly name: string; readonly offline: boolean }
  /** Bundles what has changed and puts it in place. Nothing happens to what runs when that fails: then it throws. */
  reload(): Promise<void>
  stop(): Promise<void>
}

export interface StartWorkersOptions {
  readonly root: string
  readonly bundler: Bundler
  readonly config: Config
  readonly say: (line: string) => void
  /** Bundles again what changes, and puts it in place. */
  readonly watching: boolean
}

const SWEEP_MS = 3_000

/**
 * Starts what workers need and cannot be (the database's owner, the sandbox runner) in this process, and the four of
 * them in a workerd beside it. Throws StartFault, with everything closed again.
 */
export async function startOnMiniflare(options: StartWorkersOptions): Promise<RunningWorkers> {
  const { config, say, root, bundler } = options
  await openHome(config.home, Date.now).close() // its faults are said before anything is begun
  await checkPort(config)
  const closers = createClosers()
  const stop = () => closers.closeAll((name, error) => say(`${name} did not close: ${String(error)}`))
  try {
    closers.add('bundler', bundler.close)
    const [storage, runner, model, scripts] = await allOrFault([
      openStorage(config, { exclusive: true, onRestart: (message) => say(message) }).then((opened) => {
        closers.add('storage', opened.close)
        return opened
      }),
      startRunner(config, say).then((started) => {
        closers.add('sandbox runner', started.stop)
        return started
      }),
      openModel({ ...config, fetch, now: Date.now, newId: () => '' }),
      bundler.build(),
    ])
    await ensureFirstKey(storage.db, firstKey(config))
    const variables = toVariables(config, {
      version: VERSION,
      sandboxUrl: config.links.sandbox_runner ?? runner.url,
      model: model.name,
    })
    const team = await startWorkers({
      host: config.host,
      port: config.port,
      scripts,
      variables,
      databaseUrl: toHyperdriveUrl(storage.url),
      say,
    })
    closers.add('workers', team.stop)
    const reload = async () => team.reload(await bundler.build())
    const sweep = setInterval(() => void team.sweep().catch(() => {}), SWEEP_MS)
    closers.add('sweep', async () => clearInterval(sweep))
    if (options.watching) {
      const watcher = watchSources(root, ['functions', 'shared'], oneByOne(reload, say))
      closers.add('watcher', async () => watcher.close())
    }
    return { url: team.url, storage, sandbox: runner.sandbox, model, reload, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** One reload after the other; what changes meanwhile waits for the next. */
function oneByOne(reload: () => Promise<void>, say: (line: string) => void): () => void {
  let dirty = false
  let working = false
  const work = async () => {
    working = true
    while (dirty) {
      dirty = false
      const begun = Date.now()
      try {
        await reload()
        say(`Reloaded in ${Date.now() - begun} ms.`)
      } catch (error) {
        say(`The workers stay as they are: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    working = false
  }
  return () => {
    dirty = true
    if (!working) void work()
  }
}

/** Real gVisor for ds_analysts, on a port of this machine alone; without runsc it says that there is none. */
function startRunner(config: Config, say: (line: string) => void): Promise<Running> {
  const runner = { mode: 'distributed', service: 'sandbox_runner', host: '127.0.0.1', port: 0 } as const
  return startProcess({ ...config, ...runner, publicUrl: null, links: {} }, say)
}

async function checkPort({ port, host }: Config): Promise<void> {
  if (port === 0) return
  const code = await tryPort(port, host)
  if (code === null) return
  throw new StartFault(
    code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is taken. Stop what listens there, or choose another with PORT.`
      : `Port ${port} on ${host} cannot be used (${code}).`,
  )
}

/** Waits for all even when one fails, so that what was opened meanwhile is known and can be closed. */
async function allOrFault<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(work)
  return Promise.all(work) as unknown as Promise<T>
}
