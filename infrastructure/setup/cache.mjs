import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { FORMAT, REQUIREMENTS } from './pins.mjs'

/**
 * Variables that decide where things lie; an empty value counts as not set.
 * @typedef {{ readonly RUNSC_PATH?: string | undefined, readonly SANDBOX_PYTHON?: string | undefined, readonly XDG_CACHE_HOME?: string | undefined, readonly HOME?: string | undefined }} SetupEnv
 */

/**
 * What is known of a runsc that was installed.
 * @typedef {{ readonly format: number, readonly path: string, readonly version: string, readonly from: string }} RunscStamp
 */

/**
 * What is known of a Python root that was built: `root` is a whole small file system with the interpreter at
 * /opt/python/bin/python3 and the packages in /opt/py.
 * @typedef {{ readonly format: number, readonly root: string, readonly version: string, readonly packages: Readonly<Record<string, string>>, readonly from: string }} PythonStamp
 */

/**
 * The user's cache folder of the project. A relative XDG_CACHE_HOME is ignored, as the XDG specification asks.
 * @param {SetupEnv} env
 * @returns {string} an absolute path
 */
export function cacheFolder(env) {
  const xdg = env.XDG_CACHE_HOME
  if (xdg?.startsWith('/')) return join(xdg, 'aether')
  return join(env.HOME?.startsWith('/') ? env.HOME : homedir(), '.cache', 'aether')
}

/**
 * Path of the stamp that says which runsc is installed.
 * @param {SetupEnv} env
 */
export function runscStampPath(env) {
  return join(cacheFolder(env), `runsc-${FORMAT}.json`)
}

/**
 * Key of the Python root: another interpreter or other pins are another root, so clones of different age can share
 * the cache and a running server keeps the root it started with.
 * @param {SetupEnv} env
 */
export function pythonKey(env) {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([FORMAT, env.SANDBOX_PYTHON || 'default', process.arch, REQUIREMENTS]))
  return hash.digest('hex').slice(0, 12)
}

/**
 * Path of the stamp of the Python root.
 * @param {SetupEnv} env
 */
export function pythonStampPath(env) {
  return join(cacheFolder(env), `python-${pythonKey(env)}.json`)
}

/**
 * Reads a stamp; null when there is none, when it is damaged, or when it is of another format.
 * @param {string} path
 * @returns {Promise<Record<string, unknown> | null>}
 */
async function readStamp(path) {
  try {
    const value = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null && value.format === FORMAT ? value : null
  } catch {
    // No stamp, or half a stamp, means that setup has yet to do its work.
    return null
  }
}

/**
 * The stamp of the installed runsc, or null.
 * @param {SetupEnv} env
 * @returns {Promise<RunscStamp | null>}
 */
export async function readRunscStamp(env) {
  const value = await readStamp(runscStampPath(env))
  if (value === null || typeof value.path !== 'string' || typeof value.version !== 'string') return null
  return { format: FORMAT, path: value.path, version: value.version, from: String(value.from) }
}

/**
 * The stamp of the Python root for this environment, or null.
 * @param {SetupEnv} env
 * @returns {Promise<PythonStamp | null>}
 */
export async function readPythonStamp(env) {
  const value = await readStamp(pythonStampPath(env))
  if (value === null || typeof value.root !== 'string' || typeof value.version !== 'string') return null
  const packages = Object.entries(value.packages ?? {}).map(([name, version]) => [name, String(version)])
  return {
    format: FORMAT,
    root: value.root,
    version: value.version,
    packages: Object.fromEntries(packages),
    from: String(value.from),
  }
}
