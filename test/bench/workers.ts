import { join } from 'node:path'
import { build } from 'esbuild'
import { Log, LogLevel, Miniflare } from 'miniflare'
import { WORKER_BUILD } from '../../infrastructure/miniflare/build-options.ts'
import { COMPATIBILITY } from '../../infrastructure/miniflare/workers.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

const CALLS = 100

/**
 * One hop between two workers of one workerd: over the bare service binding, and as our agents speak, with token, task and
 * stream, and everything that a worker opens for each request. Each call of the bench makes a hundred within a request.
 */
export async function benchWorkers(): Promise<Ratio[]> {
  const names = ['caller', 'callee'] as const
  const scripts = await Promise.all(names.map(bundle))
  const runtime = new Miniflare({
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    log: new Log(LogLevel.NONE),
    structuredWorkerdLogs: true,
    handleStructuredLogs() {},
    workers: names.map((name, i) => ({
      name,
      modules: [{ type: 'ESModule', path: `${name}.mjs`, contents: scripts[i] ?? '' }],
      compatibilityDate: COMPATIBILITY.date,
      compatibilityFlags: [...COMPATIBILITY.flags],
      bindings: { SERVICE_SECRET: 'the-secret-of-the-bench', LOG_LEVEL: 'silent' },
      ...(name === 'caller'
        ? { serviceBindings: { CALLEE: 'callee' }, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
        : {}),
    })),
  })
  try {
    const url = await runtime.unsafeGetDirectURL('caller')
    const of = (kind: string, name: string) => ({
      name,
      units: CALLS,
      run: async () => {
        const response = await fetch(new URL(`/${kind}?calls=${CALLS}`, url))
        if ((await response.text()) !== 'done') throw new Error(`${kind} failed`)
      },
    })
    return await compareToFloor(
      of('same', 'floor: Hono JSON within the worker'),
      [of('binding', 'service binding, Hono JSON'), of('hop', 'A2A hop over a service binding, streamed')],
      { rounds: 9, calls: 5 },
    )
  } finally {
    await runtime.dispose()
  }
}

async function bundle(name: string): Promise<string> {
  const entry = join(import.meta.dirname, 'workers', `${name}.ts`)
  const { outputFiles } = await build({ ...WORKER_BUILD, entryPoints: [entry], minify: true })
  return outputFiles[0]?.text ?? ''
}
