import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../../infrastructure/setup/processes.mjs'
import { checkRunsc, runscYear, setupRunsc } from '../../../infrastructure/setup/runsc.mjs'

let folder: string
const said: string[] = []
const say = (line: string) => said.push(line)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
  said.length = 0
})
afterEach(() => rm(folder, { recursive: true }))

/** A program that answers `--version` as runsc does; it can do nothing else. */
async function fakeRunsc(path: string, version: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho "runsc version ${version}"\necho "spec: 1.1.0"\n`)
  await chmod(path, 0o755)
  return path
}

describe('runscYear', () => {
  it.each([
    ['0.0~20240729.0-4+b7', 2024],
    ['release-20260905.0', 2026],
    ['0.0~20221219.0', 2022],
    ['VERSION_MISSING', null],
    ['1.2.3', null],
  ])('%s', (text, year) => expect(runscYear(text)).toBe(year))
})

describe('checkRunsc', () => {
  it('takes one of 2024 or later, and one built without a date', async () => {
    const path = join(folder, 'runsc')
    expect(await checkRunsc(await fakeRunsc(path, 'release-20240729.0'))).toEqual({
      version: 'release-20240729.0',
    })
    expect(await checkRunsc(await fakeRunsc(path, 'VERSION_MISSING'))).toEqual({ version: 'VERSION_MISSING' })
  })

  it('refuses what is old, missing, broken or another program', async () => {
    const path = join(folder, 'runsc')
    expect(await checkRunsc(await fakeRunsc(path, 'release-20221219.0'))).toEqual({
      reason: 'version release-20221219.0 is older than 2024',
    })
    expect(await checkRunsc(join(folder, 'none'))).toEqual({ reason: 'there is no program at that path' })
    expect(await checkRunsc('/bin/true')).toHaveProperty('reason')
    expect(await checkRunsc('/bin/false')).toHaveProperty('reason')
  })
})

/** A Debian repository in a folder, with one package `runsc`, and an `/etc` that names it. */
async function repository(version: string, damaged = false): Promise<string> {
  const build = join(folder, 'build')
  await mkdir(join(build, 'DEBIAN'), { recursive: true })
  await mkdir(join(build, 'usr/bin'), { recursive: true })
  const control = `Package: runsc\nVersion: ${version}\nArchitecture: all\nMaintainer: Test <t@example.org>\nDescription: test\n`
  await writeFile(join(build, 'DEBIAN/control'), control)
  await fakeRunsc(join(build, 'usr/bin/runsc'), version)
  const repo = join(folder, 'repo')
  const lists = join(repo, 'dists/trixie/main/binary-all')
  await mkdir(lists, { recursive: true })
  await mkdir(join(repo, 'dists/trixie/main/binary-amd64'), { recursive: true })
  await runProgram('dpkg-deb', ['-b', build, join(repo, 'runsc.deb')], { timeoutMs: 20_000 })
  const deb = await readFile(join(repo, 'runsc.deb'))
  const hash = damaged ? '0'.repeat(64) : sha256(deb)
  const packages = `${control}Filename: runsc.deb\nSize: ${deb.length}\nSHA256: ${hash}\n\n`
  await writeFile(join(lists, 'Packages'), packages)
  await writeFile(
    join(repo, 'dists/trixie/Release'),
    `Suite: trixie\nCodename: trixie\nArchitectures: all amd64 arm64\nComponents: main\nSHA256:\n ${sha256(Buffer.from(packages))} ${packages.length} main/binary-all/Packages\n`,
  )
  const etc = join(folder, 'etc')
  await mkdir(join(etc, 'apt/sources.list.d'), { recursive: true })
  await writeFile(join(etc, 'os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Test"\n')
  await writeFile(join(etc, 'apt/sources.list'), `deb [trusted=yes] file:${repo} bookworm main\n`)
  return etc
}

function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

describe('setupRunsc from packages', () => {
  const options = async (etc: string) => {
    const work = join(folder, 'work')
    await mkdir(work, { recursive: true })
    return { work, say, etc }
  }

  it('unpacks the package into the cache, and finds it there the next time', async () => {
    const etc = await repository('0.0~20250101.0-1')
    const env = { XDG_CACHE_HOME: join(folder, 'cache') }
    expect(await setupRunsc(env, await options(etc))).toEqual({ version: '0.0~20250101.0-1' })
    expect(said).toEqual(['runsc 0.0~20250101.0-1 unpacked from the package of trixie'])
    await rm(join(folder, 'repo'), { recursive: true })
    expect(await setupRunsc(env, await options(etc))).toMatchObject({ version: '0.0~20250101.0-1' })
    expect(said[1]).toBe('runsc 0.0~20250101.0-1 is there')
  })

  it('does not take an old one, and says what each suite had', async () => {
    const etc = await repository('0.0~20221219.0-1')
    const got = await setupRunsc({ XDG_CACHE_HOME: join(folder, 'cache') }, await options(etc))
    expect(got).toHaveProperty('reason', expect.stringContaining('trixie: has only 0.0~20221219.0-1'))
    expect(got).toHaveProperty('reason', expect.stringContaining('unstable: '))
  })

  it('does not take a file whose hash is not the listed one', async () => {
    const etc = await repository('0.0~20250101.0-1', true)
    const got = await setupRunsc({ XDG_CACHE_HOME: join(folder, 'cache') }, await options(etc))
    expect(got).toHaveProperty('reason', expect.stringContaining('trixie: '))
  })

  it('names RUNSC_PATH where that is no runsc, and looks nowhere else', async () => {
    const etc = await repository('0.0~20250101.0-1')
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), RUNSC_PATH: '/nowhere/runsc' }
    expect(await setupRunsc(env, await options(etc))).toEqual({
      reason: 'RUNSC_PATH: there is no program at that path',
    })
  })
})
