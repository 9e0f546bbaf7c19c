import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pythonStampPath } from '../../../infrastructure/setup/cache.mjs'
import { FORMAT } from '../../../infrastructure/setup/pins.mjs'
import { setup } from '../../../infrastructure/setup/setup.mjs'

let folder: string
const lines: string[] = []
const print = (line: string) => lines.push(line)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
  lines.length = 0
})
afterEach(() => rm(folder, { recursive: true }))

it('explains itself', async () => {
  expect(await setup(['--help'], { XDG_CACHE_HOME: folder }, print)).toBe(0)
  expect(lines.join('\n')).toContain('RUNSC_PATH')
  expect(await readdir(folder)).toEqual([])
})

it('says what is missing and what follows; only --strict fails', async () => {
  const env = { XDG_CACHE_HOME: folder, RUNSC_PATH: '/nowhere/runsc', PATH: process.env.PATH }
  expect(await setup([], env, print)).toBe(0)
  expect(lines[0]).toBe('setup: no runsc: RUNSC_PATH: there is no program at that path')
  expect(lines[1]).toContain('no analysis script runs (sandbox tier: unavailable)')
  expect(await setup(['--strict'], env, print)).toBe(1)
  expect(await readdir(join(folder, 'aether'))).toEqual([])
})

it('says why a named Python cannot be used, and keeps what it got otherwise', async () => {
  const runsc = join(folder, 'runsc')
  await writeFile(runsc, '#!/bin/sh\necho "runsc version release-20250101.0"\n')
  await chmod(runsc, 0o755)
  const env = {
    XDG_CACHE_HOME: folder,
    RUNSC_PATH: runsc,
    SANDBOX_PYTHON: '/nowhere/python3',
    PATH: process.env.PATH,
  }
  expect(await setup(['--strict'], env, print)).toBe(1)
  const said = lines.join('\n')
  expect(said).toContain('runsc release-20250101.0 (RUNSC_PATH)')
  expect(said).toContain('no Python with NumPy and pandas: /nowhere/python3')
})

it('does nothing when all is there, and removes what a killed setup left', async () => {
  const runsc = join(folder, 'runsc')
  await writeFile(runsc, '#!/bin/sh\necho "runsc version release-20250101.0"\n')
  await chmod(runsc, 0o755)
  const env = { XDG_CACHE_HOME: folder, RUNSC_PATH: runsc, PATH: process.env.PATH }
  const root = join(folder, 'root')
  await mkdir(join(root, 'opt/python/bin'), { recursive: true })
  await writeFile(join(root, 'opt/python/bin/python3'), '')
  await mkdir(dirname(pythonStampPath(env)), { recursive: true })
  await writeFile(
    pythonStampPath(env),
    JSON.stringify({
      format: FORMAT,
      root,
      version: '3.11.2',
      packages: { numpy: '2', pandas: '3' },
      from: 'x',
    }),
  )
  await mkdir(join(folder, 'aether/work-old'))
  expect(await setup([], env, print)).toBe(0)
  // runsc and Python are got side by side, so their lines come in either order
  expect(lines.join('\n')).toContain('Python 3.11.2 with numpy 2 and pandas 3 is there')
  expect(await readdir(join(folder, 'aether'))).not.toContain('work-old')

  await chmod(join(root, 'opt/python/bin/python3'), 0o755)
  lines.length = 0
  expect(await setup(['--quiet'], env, print)).toBe(0)
  expect(lines).toEqual([])
  expect(await setup([], env, print)).toBe(0)
  expect(lines).toEqual(['setup: the sandbox is ready (runsc RUNSC_PATH, Python 3.11.2)'])
})
