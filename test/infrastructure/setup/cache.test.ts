import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cacheFolder,
  pythonKey,
  pythonStampPath,
  readPythonStamp,
  readRunscStamp,
  runscStampPath,
} from '../../../infrastructure/setup/cache.mjs'
import { FORMAT } from '../../../infrastructure/setup/pins.mjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('cacheFolder', () => {
  it('follows XDG_CACHE_HOME, and HOME without it', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/aether')
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/aether')
    expect(cacheFolder({ XDG_CACHE_HOME: '', HOME: '/h' })).toBe('/h/.cache/aether')
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/h' })).toBe('/h/.cache/aether')
  })
})

describe('pythonKey', () => {
  it('differs by interpreter, and an empty variable is none', () => {
    expect(pythonKey({ SANDBOX_PYTHON: '/a' })).not.toBe(pythonKey({}))
    expect(pythonKey({ SANDBOX_PYTHON: '' })).toBe(pythonKey({}))
  })
})

describe('stamps', () => {
  const write = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }

  it('are read back', async () => {
    const env = { XDG_CACHE_HOME: folder }
    await write(runscStampPath(env), JSON.stringify({ format: FORMAT, path: '/r', version: '1', from: 'x' }))
    await write(
      pythonStampPath(env),
      JSON.stringify({ format: FORMAT, root: '/p', version: '3.11.2', packages: { numpy: '2' }, from: 'x' }),
    )
    expect(await readRunscStamp(env)).toEqual({ format: FORMAT, path: '/r', version: '1', from: 'x' })
    expect(await readPythonStamp(env)).toMatchObject({ root: '/p', packages: { numpy: '2' } })
  })

  it.each([
    ['missing', null],
    ['cut short', '{"format":'],
    ['of another format', JSON.stringify({ format: FORMAT + 1, path: '/r', root: '/p', version: '1' })],
    ['without its fields', JSON.stringify({ format: FORMAT })],
    ['no object', '[]'],
  ])('count as none when they are %s', async (_, text) => {
    const env = { XDG_CACHE_HOME: folder }
    if (text !== null) {
      await write(runscStampPath(env), text)
      await write(pythonStampPath(env), text)
    }
    expect(await readRunscStamp(env)).toBeNull()
    expect(await readPythonStamp(env)).toBeNull()
  })
})
