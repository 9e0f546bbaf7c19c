import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createGvisorSandbox } from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import { cgroupFolders, leftoversOf, openRealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sbt-'))
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

const job = (script: string) => ({ script, files: [], limits: DEFAULT_LIMITS })
const options = (ms = 30_000, signal = new AbortController().signal) => ({
  signal,
  deadline: Date.now() + ms,
  user: 'test',
})

/** A program in runsc's place. It runs no script; `body` is what it does when it is called with `$1` … */
async function withProgram(body: string, poolSize = 0) {
  const runscPath = join(stateDir, 'runsc-fake')
  await writeFile(runscPath, `#!/bin/sh\n${body}\n`)
  await chmod(runscPath, 0o755)
  const found = { runscPath, runscVersion: 'x', pythonRoot: '/nowhere', pythonVersion: '3', packages: {} }
  const newId = () => crypto.randomUUID()
  return createGvisorSandbox({ found, stateDir, now: () => Date.now(), newId, poolSize, maxParallel: 1 })
}
const PRETEND = 'echo "AETHER READY Starting gVisor..." >&2'

describe('a runsc that hangs', () => {
  it.each([
    ['at the start', 'exec sleep 600'],
    ['at the start, deaf to signals, its kill too', 'trap "" TERM INT HUP\nwhile :; do sleep 1; done'],
    ['once it is ready', `${PRETEND}\nexec sleep 600`],
    [
      'and leaves a process that holds its streams',
      `case "$*" in *" run "*) setsid sh -c 'sleep 8; : runsc' & ${PRETEND}; exec sleep 600;; esac`,
    ],
  ])('%s, is ended by the deadline, and gives its slot back', async (_, body) => {
    const sandbox = await withProgram(body)
    expect(await sandbox.run(job('1'), options(600))).toMatchObject({ exitClass: 'timeout', result: null })
    // The one slot is free again, else this one would never begin.
    const controller = new AbortController()
    const second = sandbox.run(job('1'), options(20_000, controller.signal))
    await vi.waitFor(async () => expect((await leftoversOf(stateDir)).join()).toMatch(/b\//), {
      timeout: 10_000,
    })
    controller.abort()
    expect(await second).toMatchObject({ exitClass: 'killed' })
    await sandbox.close()
    expect(await leftoversOf(stateDir)).toEqual([])
  })

  it('while the pool fills: close does not wait for it', async () => {
    const sandbox = await withProgram('exec sleep 600', 2)
    sandbox.warm()
    await vi.waitFor(async () => expect((await leftoversOf(stateDir)).join()).toMatch(/b\//), {
      timeout: 5_000,
    })
    await sandbox.close()
    expect(await leftoversOf(stateDir)).toEqual([])
    expect((await readdir(stateDir)).filter((name) => name.startsWith('aether-sb'))).toEqual([])
  })
})

describe('a runsc that floods', () => {
  it('is cut off, in whichever stream and phase', async () => {
    const sandbox = await withProgram(`${PRETEND}\nexec yes flood`)
    expect(await sandbox.run(job('1'), options())).toMatchObject({ exitClass: 'output' })
    const early = await withProgram('exec yes flood >&2')
    expect(await early.run(job('1'), options())).toMatchObject({ exitClass: 'output', stdout: '' })
    await Promise.all([sandbox.close(), early.close()])
  })
})

describe.skipIf(WITHOUT_SANDBOX)('a folder that cannot be written', () => {
  it('is said, leaves nothing half made, and works again once that is mended', async () => {
    const real = await openRealSandbox()
    onTestFinished(() => real.close())
    expect(await real.run('print(1)')).toMatchObject({ exitClass: 'ok' })
    await vi.waitFor(async () => expect(await real.leftovers()).toEqual([]), { timeout: 2_000 })
    const [own = ''] = await readdir(real.stateDir)
    const bundles = join(real.stateDir, own, 'b')
    await rename(bundles, `${bundles}-away`)
    await writeFile(bundles, '')
    const none = await real.run('print(2)')
    expect(none).toMatchObject({ exitClass: 'unavailable', tier: 'unavailable' })
    expect(none.stderr).toMatch(/cannot write its folder/)
    await rm(bundles)
    await rename(`${bundles}-away`, bundles)
    expect(await real.run('print(3)')).toMatchObject({ exitClass: 'ok', stdout: '3\n' })
    await vi.waitFor(async () => expect(await real.leftovers()).toEqual([]), { timeout: 2_000 })
  })

  it('that a cleaner has removed is made again, and close removes it', async () => {
    const real = await openRealSandbox()
    onTestFinished(() => real.close())
    await real.run('print(1)')
    const [own = ''] = await readdir(real.stateDir)
    await rm(join(real.stateDir, own), { recursive: true })
    expect(await real.run('print(2)')).toMatchObject({ exitClass: 'ok', stdout: '2\n' })
    await real.sandbox.close()
    expect(await readdir(real.stateDir)).toEqual([])
  })
})

describe.skipIf(WITHOUT_SANDBOX)('two runners in one place', () => {
  it('do not touch each other: what one closes, the other still has', async () => {
    const one = await openRealSandbox({ poolSize: 1 })
    onTestFinished(() => one.close())
    const two = await openRealSandbox({ poolSize: 1, stateDir: one.stateDir })
    one.sandbox.warm()
    two.sandbox.warm()
    const [first, second] = await Promise.all([one.run('print(1)'), two.run('print(2)')])
    expect([first, second]).toMatchObject([{ exitClass: 'ok' }, { exitClass: 'ok' }])
    const long = two.run('import time; time.sleep(1); print("whole")')
    await one.sandbox.close()
    expect(await long).toMatchObject({ exitClass: 'ok', stdout: 'whole\n' })
    await two.sandbox.close()
    expect(await readdir(one.stateDir)).toEqual([])
    await rm(two.stateDir, { recursive: true, force: true })
  })
})

describe.skipIf(WITHOUT_SANDBOX)('close at any moment of a start', () => {
  it.each([0, 20, 80, 200, 500, 900, 1_500])('after %s ms nothing is left', async (ms) => {
    const real = await openRealSandbox({ poolSize: 2 })
    onTestFinished(() => real.close())
    real.sandbox.warm()
    const running = real.run('import pandas; print(1)')
    await new Promise((resolve) => setTimeout(resolve, ms))
    const groups = await cgroupFolders(real.stateDir)
    await real.sandbox.close()
    expect(['killed', 'ok']).toContain((await running).exitClass)
    expect(await leftoversOf(real.stateDir)).toEqual([])
    expect(await readdir(real.stateDir)).toEqual([])
    for (const group of groups) await expect(readFile(join(group, 'cgroup.procs'))).rejects.toThrow('ENOENT')
  })
})
