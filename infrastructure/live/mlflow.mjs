import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../setup/lock.mjs'
import { lastLine, runProgram } from '../setup/processes.mjs'
import { MLFLOW } from './pins.mjs'
import { ensurePiece, liveFolder } from './place.mjs'
import { findPython } from './python.mjs'
import { ensureTools } from './tools.mjs'

const INSTALL_MS = 420_000
const LOCK_MS = 900_000

/**
 * Makes sure that an MLflow server is in the user's cache folder, in a virtual environment of the machine's Python.
 * @param {import('../setup/cache.mjs').SetupEnv} env
 * @param {(line: string) => void} say
 * @returns {Promise<{ version: string } & ({ bin: string } | { reason: string })>} the folder of its programs
 */
export async function fetchMlflow(env, say) {
  const { version, python: minors, packages } = MLFLOW
  const live = liveFolder(env)
  await mkdir(live, { recursive: true })
  const made = await withLock(join(live, 'fetch.lock'), { say, timeoutMs: LOCK_MS }, async () => {
    const tools = await ensureTools(live, say)
    if ('reason' in tools) return tools
    const base = await findPython(minors)
    if ('reason' in base) return base
    return await ensurePiece(live, `mlflow-${version}`, {
      pins: [MLFLOW, base.python],
      async build(folder) {
        say(`installing MLflow ${version}`)
        const run = async (/** @type {string[]} */ ...args) => {
          const done = await runProgram(tools.uv, ['--quiet', ...args], {
            env: tools.env,
            timeoutMs: INSTALL_MS,
          })
          return done.ok ? null : `uv: ${lastLine(done.stderr)}`
        }
        const into = ['pip', 'install', '--compile-bytecode', '--python', join(folder, 'bin/python')]
        return (
          (await run('venv', '--clear', '--python', base.python, folder)) ?? (await run(...into, ...packages))
        )
      },
    })
  })
  return 'reason' in made ? { version, reason: made.reason } : { version, bin: join(made.folder, 'bin') }
}
