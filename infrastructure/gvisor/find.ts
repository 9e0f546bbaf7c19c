import { access, constants } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readPythonStamp, readRunscStamp, type SetupEnv } from '../setup/cache.mjs'
import { checkRunsc } from '../setup/runsc.mjs'

/** What is needed to start sandboxes, all of it checked to be there. */
export interface FoundSandbox {
  readonly runscPath: string
  readonly runscVersion: string
  /** A whole small file system: Python at /opt/python/bin/python3, its packages in /opt/py. */
  readonly pythonRoot: string
  readonly pythonVersion: string
  readonly packages: Readonly<Record<string, string>>
}

/** Why there is none, and what to do, in one sentence. */
export interface NoSandbox {
  readonly reason: string
}

/**
 * Looks for runsc and the Python root: runsc at RUNSC_PATH alone when that is set, otherwise where `make setup` put it. A
 * runsc from before 2024 is not taken.
 */
export async function findSandbox(env: SetupEnv): Promise<FoundSandbox | NoSandbox> {
  const runsc = await findRunsc(env)
  if ('reason' in runsc) return runsc
  const python = await readPythonStamp(env)
  if (python === null || !(await isProgram(join(python.root, 'opt/python/bin/python3'))))
    return { reason: 'No Python with NumPy and pandas has been prepared for scripts: run make setup.' }
  return {
    runscPath: runsc.path,
    runscVersion: runsc.version,
    pythonRoot: python.root,
    pythonVersion: python.version,
    packages: python.packages,
  }
}

async function findRunsc(env: SetupEnv): Promise<{ path: string; version: string } | NoSandbox> {
  if (env.RUNSC_PATH) {
    const path = resolve(env.RUNSC_PATH)
    const checked = await checkRunsc(path)
    if ('reason' in checked) return { reason: `RUNSC_PATH names no usable runsc: ${checked.reason}.` }
    return { path, version: checked.version }
  }
  const stamp = await readRunscStamp(env)
  if (stamp === null) return { reason: 'gVisor (runsc) is not installed: run make setup.' }
  const checked = await checkRunsc(stamp.path)
  if ('reason' in checked)
    return { reason: `The runsc in the cache does not work (${checked.reason}): run make setup.` }
  return { path: stamp.path, version: checked.version }
}

async function isProgram(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
