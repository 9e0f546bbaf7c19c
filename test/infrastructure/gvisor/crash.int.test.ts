import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { createStateFolder } from '../../../infrastructure/gvisor/leftovers.ts'
import { createGvisorSandbox } from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import { cgroupFolders, leftoversOf, openRealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sbt-'))
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

const common = { now: () => Date.now(), newId: () => crypto.randomUUID() }
const job = (script: string) => ({ script, files: [], limits: DEFAULT_LIMITS })
const options = () => ({ signal: new AbortController().signal, deadline: Date.now() + 30_000, user: 'test' })

describe.skipIf(WITHOUT_SANDBOX)('a runner that is killed', () => {
  it('takes its sandboxes along within 2 s, and the next one removes its folder', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-fixture.ts'), stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect((await leftoversOf(stateDir)).filter((line) => line.startsWith('process')).length).toBeGreaterThan(
      1,
    )
    const made = await cgroupFolders(stateDir)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(
      async () =>
        expect((await leftoversOf(stateDir)).filter((line) => line.startsWith('process'))).toEqual([]),
      { timeout: 2_000 },
    )
    const folder = await createStateFolder(stateDir)
    expect(await readdir(stateDir)).toEqual([folder.slice(stateDir.length + 1)])
    await vi.waitFor(() => expect(made.filter((cgroups) => existsSync(cgroups))).toEqual([]), {
      timeout: 2_000,
    })
  })
})

describe.skipIf(WITHOUT_SANDBOX)('close', () => {
  it('ends what runs, leaves nothing, and runs nothing afterwards', async () => {
    const real = await openRealSandbox()
    const running = real.run('import time; time.sleep(60)')
    await new Promise((resolve) => setTimeout(resolve, 600))
    await real.sandbox.close()
    expect(await running).toMatchObject({ exitClass: 'killed' })
    expect(await readdir(real.stateDir)).toEqual([])
    expect(await real.run('print(1)')).toMatchObject({ exitClass: 'killed', stdout: '' })
    await real.close()
  })
})

describe('without gVisor', () => {
  it.each(['/nowhere/runsc', '/bin/true'])('RUNSC_PATH=%s: unavailable, and nothing runs', async (path) => {
    const found = await findSandbox({ ...process.env, RUNSC_PATH: path })
    const sandbox = createGvisorSandbox({ found, stateDir, ...common })
    const run = await sandbox.run(job('open("/tmp/aether-ran", "w")'), options())
    expect(run).toMatchObject({ exitClass: 'unavailable', tier: 'unavailable', result: null, stdout: '' })
    expect(run.stderr).toContain('RUNSC_PATH')
    expect(await sandbox.status(options().signal)).toMatchObject({ tier: 'unavailable', runsc: null })
    expect(await readdir(stateDir)).toEqual([])
    await sandbox.close()
  })

  /** A program in runsc's place; what it answers to `run` is `body`. */
  const withProgram = async (body: string) => {
    const runscPath = join(stateDir, 'fake')
    await writeFile(runscPath, `#!/bin/sh\n${body}\n`)
    await chmod(runscPath, 0o755)
    const found = { runscPath, runscVersion: 'x', pythonRoot: '/nowhere', pythonVersion: '3', packages: {} }
    return createGvisorSandbox({ found, stateDir, ...common })
  }

  it('a runsc that cannot start a sandbox is unavailable, with its own last words', async () => {
    const sandbox = await withProgram('echo "first" >&2; echo "cannot create sandbox: EPERM" >&2; exit 128')
    const run = await sandbox.run(job('1'), options())
    expect(run).toMatchObject({ exitClass: 'unavailable', tier: 'unavailable' })
    expect(run.stderr).toBe('The sandbox did not start: cannot create sandbox: EPERM')
    const status = await sandbox.status(options().signal)
    expect(status).toMatchObject({ tier: 'unavailable', runsc: 'x' })
    expect(status.reason).toContain('EPERM')
    await sandbox.close()
  })

  it('a program that is not gVisor is found out by the boot program, which then runs nothing', async () => {
    const python = await findSandbox(process.env)
    if ('reason' in python) return expect(WITHOUT_SANDBOX).toBe(true)
    // What a runtime without a sandbox would do: start the process of config.json on the machine itself.
    const sandbox = await withProgram(
      `case "$*" in *" run "*) ;; *) exit 0;; esac
exec python3 -c 'import json, os; a = json.load(open("config.json"))["process"]["args"]; os.execv("/usr/bin/env", ["env", "python3"] + a[1:])'`,
    )
    const run = await sandbox.run(job(`open(${JSON.stringify(join(stateDir, 'ran'))}, "w")`), options())
    expect(run).toMatchObject({ exitClass: 'unavailable', tier: 'unavailable' })
    expect(run.stderr).toBe('The program named as runsc is not gVisor, so nothing was run.')
    expect(await readdir(stateDir)).not.toContain('ran')
    await sandbox.close()
  })

  it('one that is missing by the time of the run is unavailable too', async () => {
    const sandbox = await withProgram('exit 0')
    await rm(join(stateDir, 'fake'))
    expect(await sandbox.run(job('1'), options())).toMatchObject({ exitClass: 'unavailable' })
    await sandbox.close()
  })
})
