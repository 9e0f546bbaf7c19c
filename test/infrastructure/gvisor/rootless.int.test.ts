import { execFile, execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { WITHOUT_SANDBOX } from './real-sandbox.ts'

const NOBODY = 65_534
const AS_ROOT = process.getuid?.() === 0

/** As in an unprivileged container: no root, so no restore and no cgroup; everything else holds. */
describe.skipIf(WITHOUT_SANDBOX)('a runner that is a plain user', () => {
  let folder: string
  let said: Record<string, Record<string, unknown>>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sbp-'))
    await chmod(folder, 0o755)
    const found = await findSandbox(process.env)
    if ('reason' in found) throw new Error(found.reason)
    // Another user may not look into our own folders: it gets links to the same files.
    const give = (from: string, name: string) => {
      execFileSync('cp', ['-a', '--link', from, join(folder, name)])
      return join(folder, name)
    }
    const own = { runscPath: give(found.runscPath, 'runsc'), pythonRoot: give(found.pythonRoot, 'root') }
    const outfile = join(folder, 'fixture.mjs')
    const entry = join(import.meta.dirname, 'rootless-fixture.ts')
    const banner = {
      js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);",
    }
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', banner })
    const stateDir = join(folder, 's')
    await mkdir(stateDir)
    await chmod(stateDir, 0o777)
    const argument = JSON.stringify({ found: { ...found, ...own }, stateDir })
    const { stdout } = await promisify(execFile)(give(process.execPath, 'node'), [outfile, argument], {
      cwd: '/',
      env: { PATH: process.env.PATH },
      ...(AS_ROOT ? { uid: NOBODY, gid: NOBODY } : {}),
    })
    said = JSON.parse(stdout)
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('runs scripts in gVisor, and says that it is rootless', () => {
    if (AS_ROOT) expect(said.uid).toBe(NOBODY)
    expect(said.first).toMatchObject({ tier: 'gvisor', rootless: true, platform: 'systrap', notes: [] })
    expect(said.good).toMatchObject({ exitClass: 'ok', result: 2, tier: 'gvisor', stderr: '' })
  })

  it('holds sandboxes ready, which are started, not restored', () => {
    expect(said.status?.pool).toMatchObject({ size: 1, refillBy: 'start', hits: expect.any(Number) })
    expect(Object(said.status?.pool).hits).toBeGreaterThan(0)
  })

  it('keeps the limits, and leaves nothing', async () => {
    expect(said.stopped).toMatchObject({ exitClass: 'timeout', errorClass: 'WallTimeLimit' })
    expect(said.bomb).toMatchObject({ exitClass: 'memory' })
    expect(await readdir(join(folder, 's'))).toEqual([])
    const left = execFileSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; true'])
    expect(left.toString()).not.toContain(`--root=${folder}`)
  })
})
