import { build } from 'esbuild'
import { Log, LogLevel, Miniflare, type WorkerOptions } from 'miniflare'
import { WORKER_BUILD } from '../../infrastructure/miniflare/build-options.ts'
import { COMPATIBILITY } from '../../infrastructure/miniflare/workers.ts'

/** A worker of a test's own, bundled and set up as those of the product are. */
export interface TestWorker {
  /** The TypeScript file that is its entry. */
  readonly entry: string
  readonly bindings: Readonly<Record<string, string>>
  /** What it is bound to beside, and whether it listens. */
  readonly more?: Partial<WorkerOptions>
}

/** Starts workers by their names in one workerd, whose own port nobody uses. `say` takes each line that they log. */
export async function startWorkerd<N extends string>(
  workers: Readonly<Record<N, TestWorker>>,
  say: (line: string) => void,
): Promise<Miniflare> {
  const names = Object.keys(workers) as N[]
  const scripts = await Promise.all(names.map((name) => bundle(workers[name].entry)))
  return new Miniflare({
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.NONE),
    structuredWorkerdLogs: true,
    handleStructuredLogs({ message }: { readonly message: string }) {
      say(message) // in a body: anything given back is a fault here
    },
    workers: names.map((name, i) => ({
      name,
      modules: [{ type: 'ESModule', path: `${name}.mjs`, contents: scripts[i] ?? '' }],
      compatibilityDate: COMPATIBILITY.date,
      compatibilityFlags: [...COMPATIBILITY.flags],
      bindings: workers[name].bindings,
      ...workers[name].more,
    })),
  })
}

/** What makes a worker listen on a port of this machine. */
export const LISTENING = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] } as const

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({ ...WORKER_BUILD, entryPoints: [entry], minify: true })
  return outputFiles[0]?.text ?? ''
}
