import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { lastLine, runProgram } from '../setup/processes.mjs'
import { ensurePiece } from './place.mjs'
import { ensurePrivatePython, findPython } from './python.mjs'

const INSTALL_MS = 420_000

/**
 * Makes sure that a release of Home Assistant is installed, in a virtual environment of the Python that it needs.
 * @param {string} live
 * @param {import('./tools.mjs').Tools} tools
 * @param {import('./pins.mjs').Release} release
 * @param {(line: string) => void} say
 * @returns {Promise<{ python: string } | { reason: string }>} the interpreter that runs it with `-m homeassistant`
 */
export async function ensureRelease(live, tools, release, say) {
  const base =
    release.python === 'private'
      ? await ensurePrivatePython(live, tools, say)
      : await findPython(release.python)
  if ('reason' in base) return base
  const made = await ensurePiece(live, `home-assistant-${release.version}`, {
    pins: [release, base.python],
    build: (folder) => install(folder, tools, release, { python: base.python, say }),
  })
  return 'reason' in made ? made : { python: join(made.folder, 'bin/python') }
}

/**
 * @param {string} folder
 * @param {import('./tools.mjs').Tools} tools
 * @param {import('./pins.mjs').Release} release
 * @param {{ readonly python: string, readonly say: (line: string) => void }} options
 * @returns {Promise<string | null>}
 */
async function install(folder, { uv, env }, { version, base, extras }, { python, say }) {
  say(`installing Home Assistant ${version}`)
  const run = async (/** @type {string[]} */ ...args) => {
    const done = await runProgram(uv, ['--quiet', ...args], { env, timeoutMs: INSTALL_MS })
    return done.ok ? null : `uv: ${lastLine(done.stderr)}`
  }
  const into = ['pip', 'install', '--python', join(folder, 'bin/python')]
  const failed =
    (await run('venv', '--clear', '--python', python, folder)) ??
    (await run(...into, `homeassistant==${version}`, ...base))
  if (failed !== null) return failed
  const [constraints] = await Array.fromAsync(
    glob('lib/python*/site-packages/homeassistant/package_constraints.txt', { cwd: folder }),
  )
  if (constraints === undefined) return `Home Assistant ${version} holds no list of constraints`
  // Compiled once here, it starts in seconds instead of ten.
  return await run(...into, '--compile-bytecode', '--constraints', join(folder, constraints), ...extras)
}
