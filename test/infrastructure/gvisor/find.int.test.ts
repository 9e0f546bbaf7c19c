import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { pythonStampPath, runscStampPath } from '../../../infrastructure/setup/cache.mjs'
import { FORMAT } from '../../../infrastructure/setup/pins.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function program(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

/** A cache as `make setup` leaves it, with programs that only name their version. */
async function fill(env: { XDG_CACHE_HOME: string }): Promise<void> {
  const runsc = await program(join(folder, 'runsc'), 'echo "runsc version release-20250101.0"')
  const root = join(folder, 'root')
  await program(join(root, 'opt/python/bin/python3'), '')
  await mkdir(dirname(runscStampPath(env)), { recursive: true })
  await writeFile(
    runscStampPath(env),
    JSON.stringify({ format: FORMAT, path: runsc, version: 'x', from: 'x' }),
  )
  const stamp = { format: FORMAT, root, version: '3.11.2', packages: { pandas: '3.1.1' }, from: 'x' }
  await writeFile(pythonStampPath(env), JSON.stringify(stamp))
}

describe('findSandbox', () => {
  it('finds what setup installed', async () => {
    const env = { XDG_CACHE_HOME: join(folder, 'cache') }
    await fill(env)
    expect(await findSandbox(env)).toEqual({
      runscPath: join(folder, 'runsc'),
      runscVersion: 'release-20250101.0',
      pythonRoot: join(folder, 'root'),
      pythonVersion: '3.11.2',
      packages: { pandas: '3.1.1' },
    })
  })

  it('says what to do where nothing is installed', async () => {
    const env = { XDG_CACHE_HOME: join(folder, 'cache') }
    expect(await findSandbox(env)).toEqual({ reason: 'gVisor (runsc) is not installed: run make setup.' })
    await fill(env)
    await rm(pythonStampPath(env))
    expect(await findSandbox(env)).toHaveProperty('reason', expect.stringContaining('run make setup'))
  })

  it.each(['/nowhere/runsc', '/bin/true'])('looks nowhere else when RUNSC_PATH is set: %s', async (path) => {
    const env = { XDG_CACHE_HOME: join(folder, 'cache') }
    await fill(env)
    const found = await findSandbox({ ...env, RUNSC_PATH: path })
    expect(found).toHaveProperty('reason', expect.stringContaining('RUNSC_PATH names no usable runsc'))
  })

  it('refuses a runsc from before 2024, whoever names it', async () => {
    const env = { XDG_CACHE_HOME: join(folder, 'cache') }
    await fill(env)
    await program(join(folder, 'runsc'), 'echo "runsc version release-20221219.0"')
    expect(await findSandbox(env)).toHaveProperty('reason', expect.stringContaining('older than 2024'))
    const named = await findSandbox({ ...env, RUNSC_PATH: join(folder, 'runsc') })
    expect(named).toHaveProperty('reason', expect.stringContaining('older than 2024'))
  })
})
