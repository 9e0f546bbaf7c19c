import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { readPythonStamp, readRunscStamp } from './cache.mjs'

/**
 * Whether everything is in place, by the stamps and the files they name; starts no program.
 * @param {import('./cache.mjs').SetupEnv} env
 * @returns {Promise<boolean>}
 */
export async function isReady(env) {
  const python = await readPythonStamp(env)
  const runsc = env.RUNSC_PATH || (await readRunscStamp(env))?.path
  if (python === null || runsc === undefined) return false
  try {
    await access(runsc, constants.X_OK)
    await access(join(python.root, 'opt/python/bin/python3'), constants.X_OK)
    return true
  } catch {
    // Somebody has cleaned the cache: setup makes it anew.
    return false
  }
}
