import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { onTestFinished } from 'vitest'
import { buildPrograms } from '../../infrastructure/node/build.ts'
import { endLeftover } from '../../infrastructure/node/postgres/embedded.ts'
import { until } from '../../infrastructure/node/postgres/server-process.ts'
import { type Program, startProgram } from './program.ts'
import { tempFolder } from './temp-folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const START_MS = 30_000

/** A place where Aether is installed as after `make build`, with a folder, secrets and a database of its own. */
export interface Installation {
  readonly root: string
  readonly dataDir: string
  /** Starts `node dist/<name>.mjs`; on a free port, without a sandbox, unless `env` says otherwise. */
  run(name: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Program
  /** Starts the server, or another program that lasts, and waits until it says that it is ready. */
  start(env?: Readonly<Record<string, string>>, name?: string): Promise<Program & { url: string }>
  /** A variable of its `.env`. */
  variable(name: string): string
}

/** Puts there what `make build` leaves. */
export async function layOut(root: string): Promise<void> {
  await buildPrograms(ROOT)
  cpSync(join(ROOT, 'dist'), join(root, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
}

/** Makes one; its processes and files are gone when the test ends. */
export async function install(): Promise<Installation> {
  const root = tempFolder()
  const dataDir = join(root, 'data')
  await layOut(root)
  onTestFinished(async () => {
    let outcome = 'used'
    for (let tries = 0; outcome === 'used' && tries < 50; tries++) outcome = await endLeftover({ dataDir })
  })
  const run: Installation['run'] = (name, args = [], env = {}) => {
    const own = { HOME: root, PORT: '0', RUNSC_PATH: '/nowhere/runsc' }
    const program = startProgram(root, name, { ...own, ...env }, args)
    onTestFinished(async () => {
      program.child.kill('SIGKILL')
      await program.ended
    })
    return program
  }
  return {
    root,
    dataDir,
    run,
    async start(env = {}, name = 'main') {
      const program = run(name, [], env)
      const running = () => program.child.exitCode === null && program.child.signalCode === null
      await until(() => / is ready at http\S+/.test(program.output()) || !running(), START_MS)
      const url = / is ready at (http[^\s.]+\S*?)\.?\s/.exec(program.output())?.[1]
      if (url === undefined) throw new Error(`it did not start: ${program.output()}`)
      return { ...program, url }
    },
    variable: (name) => parseEnv(readFileSync(join(root, '.env'), 'utf8'))[name] ?? '',
  }
}
