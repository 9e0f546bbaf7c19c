import { Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare'
import { urlHost } from '../node/serve.ts'
import type { Scripts } from './bundler.ts'
import { keepSignals } from './keep-signals.ts'
import { BOUND, COMPATIBILITY, KEEPS, WORKERS, type WorkerName } from './workers.ts'

export interface WorkerTeamOptions {
  /** Where the gateway listens. */
  readonly host: string
  readonly port: number
  readonly scripts: Scripts
  readonly variables: Readonly<Record<WorkerName, Readonly<Record<string, string>>>>
  /** Over TCP, with a password. */
  readonly databaseUrl: string
  /** Takes each line that a worker logs, and what the runtime itself has to say. */
  readonly say: (line: string) => void
}

/** The four workers in one workerd process. */
export interface WorkerTeam {
  /** Of the gateway, without a trailing slash. */
  readonly url: string
  /** Replaces the workers by newer ones at the same address; what was running in the old ones is cut. */
  reload(scripts: Scripts): Promise<void>
  /** What the Cron Trigger does on the platform. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

/** A part of a worker's stub whose type comes with a package that is not needed otherwise. */
interface Scheduled {
  scheduled(): Promise<unknown>
}

/** Starts the workers and resolves when the gateway answers. */
export async function startWorkers(options: WorkerTeamOptions): Promise<WorkerTeam> {
  const runtime = keepSignals(() => new Miniflare(toOptions(options, options.scripts, options.port)))
  try {
    await runtime.ready
    const { port } = await runtime.unsafeGetDirectURL('gateway')
    return {
      url: `http://${urlHost(options.host)}:${port}`,
      reload: (scripts) => runtime.setOptions(toOptions(options, scripts, Number(port))),
      async sweep() {
        const gateway = await runtime.getWorker('gateway')
        await (gateway as unknown as Scheduled).scheduled()
      },
      stop: () => runtime.dispose(),
    }
  } catch (error) {
    await runtime.dispose().catch(() => {}) // else the process never ends
    throw error
  }
}

function toOptions(options: WorkerTeamOptions, scripts: Scripts, port: number): MiniflareOptions {
  return {
    host: '127.0.0.1',
    port: 0, // of Miniflare's own entry, which nobody uses
    log: new Log(LogLevel.NONE),
    structuredWorkerdLogs: true,
    handleStructuredLogs({ message }: { readonly message: string }) {
      options.say(message) // in a body: anything given back is a fault here
    },
    telemetry: { enabled: false },
    cf: false,
    workers: WORKERS.map((name) => ({
      name,
      modules: scripts[name].map(({ path, text }) => ({ type: 'ESModule' as const, path, contents: text })),
      compatibilityDate: COMPATIBILITY.date,
      compatibilityFlags: [...COMPATIBILITY.flags],
      bindings: options.variables[name],
      serviceBindings: BOUND[name],
      ...(KEEPS.includes(name) ? { hyperdrives: { HYPERDRIVE: options.databaseUrl } } : {}),
      ...(name === 'gateway' ? { unsafeDirectSockets: [{ host: options.host, port }] } : {}),
    })),
  }
}
