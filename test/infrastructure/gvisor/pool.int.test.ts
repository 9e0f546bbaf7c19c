import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PoolStatus } from '../../../shared/sandbox/port.ts'
import {
  cgroupFolders,
  leftoversOf,
  openRealSandbox,
  type RealSandbox,
  WITHOUT_SANDBOX,
} from './real-sandbox.ts'

const open: RealSandbox[] = []
async function openPool(options: Parameters<typeof openRealSandbox>[0]): Promise<RealSandbox> {
  const real = await openRealSandbox(options)
  open.push(real)
  real.sandbox.warm()
  return real
}
afterEach(async () => {
  for (const real of open.splice(0)) await real.close()
})

async function poolOf(real: RealSandbox): Promise<PoolStatus> {
  const { pool } = await real.sandbox.status(new AbortController().signal)
  if (pool === undefined) throw new Error('no pool')
  return pool
}
const until = (real: RealSandbox, ready: number) =>
  vi.waitFor(async () => expect((await poolOf(real)).ready).toBe(ready), { timeout: 15_000, interval: 50 })
/** Processes of sandboxes, of which each that waits ready has some. */
const processes = async (real: RealSandbox) =>
  (await leftoversOf(real.stateDir)).filter((line) => line.startsWith('process'))

describe.skipIf(WITHOUT_SANDBOX)('the pool', () => {
  it('serves each script with a sandbox of its own, and fills up again', async () => {
    const real = await openPool({ poolSize: 2 })
    await until(real, 2)
    const script = [
      'import os, sys, random, numpy, aether',
      'before = sorted(os.listdir("/tmp")) + os.listdir("/tmp/work")',
      'open("/tmp/mark", "w").write("x")',
      'aether.result([before, "pandas" in sys.modules, random.random(), numpy.random.rand(), os.urandom(4).hex()])',
    ].join('\n')
    const results = []
    for (let i = 0; i < 4; i++) {
      await until(real, 2)
      const run = await real.run(script)
      expect(run).toMatchObject({ exitClass: 'ok', stderr: '' })
      expect(run.telemetry?.counters).toMatchObject({ sandbox_runs: 1, sandbox_pool_hits: 1 })
      results.push(run.result)
    }
    const anything = expect.anything()
    for (const result of results) expect(result).toEqual([['work'], true, anything, anything, anything])
    // Clones of one checkpoint would repeat each other if nothing were reseeded.
    for (const place of [2, 3, 4])
      expect(
        new Set(results.map((result) => JSON.stringify(Array.isArray(result) ? result[place] : null))).size,
      ).toBe(4)
    await until(real, 2)
    expect(await poolOf(real)).toMatchObject({ size: 2, hits: 4, misses: 0, running: 0 })
  })

  it('starts one for a job that asks for more memory than those that wait have', async () => {
    const real = await openPool({ poolSize: 1 })
    await until(real, 1)
    const script = 'import resource, aether; aether.result(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)'
    expect((await real.run(script, { limits: { memoryMb: 768 } })).result).toBe(768)
    expect(await poolOf(real)).toMatchObject({ hits: 0, misses: 1 })
    expect((await real.run(script, { limits: { memoryMb: 400 } })).result).toBe(400)
    expect(await poolOf(real)).toMatchObject({ hits: 1, misses: 1 })
  })

  it('keeps the limits in a sandbox that waited: time, processor, memory, output', async () => {
    const real = await openPool({ poolSize: 1 })
    const one = async (script: string, limits: object) => {
      await until(real, 1)
      return await real.run(script, { limits })
    }
    expect(await one('while True: pass', { wallMs: 700 })).toMatchObject({ errorClass: 'WallTimeLimit' })
    expect(await one('while True: pass', { cpuS: 1 })).toMatchObject({ errorClass: 'CpuTimeLimit' })
    expect(await one('x = bytearray(1 << 30)', {})).toMatchObject({ exitClass: 'memory' })
    expect(await one('print("x" * 5000)', { outputBytes: 2_000 })).toMatchObject({
      exitClass: 'output',
      stdout: 'x'.repeat(2_000),
    })
    expect((await poolOf(real)).hits).toBe(4)
  })

  it('replaces one that is killed while it waits, and runs the job that came to it elsewhere', async () => {
    const real = await openPool({ poolSize: 1 })
    await until(real, 1)
    for (const line of await processes(real)) expect(line).toContain('runsc')
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry)) continue
      const args = await import('node:fs/promises').then((fs) =>
        fs.readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => ''),
      )
      if (args.includes(real.stateDir) && args.includes('runsc-sandbox'))
        process.kill(Number(entry), 'SIGKILL')
    }
    expect(await real.run('print("on")')).toMatchObject({ exitClass: 'ok', stdout: 'on\n' })
    await until(real, 1)
  })

  it('starts where a checkpoint is damaged, and makes another', async () => {
    const real = await openPool({ poolSize: 1 })
    await until(real, 1)
    if ((await poolOf(real)).refillBy === 'start') return
    const [folder = ''] = await readdir(real.stateDir)
    const images = async () =>
      (await readdir(join(real.stateDir, folder))).filter((name) => name.startsWith('image'))
    const [first = ''] = await images()
    const image = join(real.stateDir, folder, first)
    for (const name of await readdir(image)) await writeFile(join(image, name), 'damaged')
    expect(await real.run('print(1)')).toMatchObject({ exitClass: 'ok' })
    expect(await real.run('import pandas; print(2)')).toMatchObject({ exitClass: 'ok', stdout: '2\n' })
    await until(real, 1)
    expect(await poolOf(real)).toMatchObject({ refillBy: 'restore' })
    expect(await images()).not.toContain(first)
    expect(await images()).toHaveLength(1)
  })

  it('holds no more at once than it may, lets others wait in order and turns the rest away', async () => {
    const real = await openPool({ poolSize: 1, maxParallel: 1, maxQueued: 2 })
    await until(real, 1)
    const runs = [1, 2, 3, 4].map(() => real.run('import time; time.sleep(0.3); print(1)'))
    const [first, second, third, fourth] = await Promise.all(runs)
    const position = (run: typeof first) => run?.telemetry?.counters.sandbox_queue_position
    expect([first, second, third].map(position)).toEqual([0, 1, 2])
    expect(fourth).toMatchObject({ exitClass: 'unavailable', stderr: expect.stringContaining('2 already') })
  })

  it('close ends those that wait, one that is being made too', async () => {
    const real = await openPool({ poolSize: 2 })
    await until(real, 1)
    await real.sandbox.close()
    expect(await leftoversOf(real.stateDir)).toEqual([])
    expect(await readdir(real.stateDir)).toEqual([])
  })
})

describe.skipIf(WITHOUT_SANDBOX)('200 jobs, 8 at once, 20 killed midway', () => {
  it('loses none, leaves nothing, and holds no more than before', { timeout: 120_000 }, async () => {
    const real = await openPool({ poolSize: 4, maxParallel: 8, maxQueued: 200 })
    await until(real, 4)
    const before = process.memoryUsage().rss
    const jobs = Array.from({ length: 200 }, async (_, i) => {
      const controller = new AbortController()
      const killed = i % 10 === 5
      const script = killed
        ? 'import time; print("on", flush=True); time.sleep(30)'
        : `import aether; print(${i}); aether.result(${i})`
      // 20 of them go away while they run, or while they still wait.
      const running = real.run(script, { signal: controller.signal, deadline: Date.now() + 110_000 })
      if (killed) setTimeout(() => controller.abort(), 200 + i * 60)
      return { i, killed, run: await running }
    })
    for (const { i, killed, run } of await Promise.all(jobs))
      if (killed) expect(run).toMatchObject({ exitClass: 'killed', result: null })
      else expect(run).toMatchObject({ exitClass: 'ok', stdout: `${i}\n`, result: i })
    await until(real, 4)
    const pool = await poolOf(real)
    expect(pool).toMatchObject({ running: 0, queued: 0 })
    await vi.waitFor(async () => {
      // One that waits: its state, lock and socket, its bundle.
      expect((await leftoversOf(real.stateDir)).filter((line) => line.startsWith('b/'))).toHaveLength(4)
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})

describe.skipIf(WITHOUT_SANDBOX)('a runner with waiting sandboxes that is killed', () => {
  it('takes them along within 2 s, one whose script has stopped its supervisor too, and its folder', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sbt-'))
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-fixture.ts'), stateDir, 'pool'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const alive = async () => (await leftoversOf(stateDir)).filter((line) => line.startsWith('process'))
    expect((await alive()).length).toBeGreaterThan(2)
    const made = await cgroupFolders(stateDir)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(
      async () => {
        expect(await alive()).toEqual([])
        expect(await readdir(stateDir)).toEqual([])
        for (const cgroups of made) expect(existsSync(cgroups)).toBe(false)
      },
      { timeout: 2_000 },
    )
    await rm(stateDir, { recursive: true })
  })
})
