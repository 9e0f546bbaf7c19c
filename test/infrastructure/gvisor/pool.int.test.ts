import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
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
  /** One runner for all: its first sandbox takes far longer than what is tested of it. */
  let real: RealSandbox
  let before: PoolStatus
  beforeAll(async () => {
    real = await openRealSandbox({ poolSize: 1 })
    real.sandbox.warm()
  })
  beforeEach(async () => {
    await until(real, 1)
    before = await poolOf(real)
  })
  afterAll(() => real.close())
  /** Hits and misses of this test. */
  const counted = async () => {
    const { hits, misses } = await poolOf(real)
    return { hits: hits - before.hits, misses: misses - before.misses }
  }

  it('serves each script with a sandbox of its own, and fills up again', async () => {
    const script = [
      'import os, sys, random, numpy, aether',
      'before = sorted(os.listdir("/tmp")) + os.listdir("/tmp/work")',
      'open("/tmp/mark", "w").write("x")',
      'aether.result([before, "pandas" in sys.modules, random.random(), numpy.random.rand(), os.urandom(4).hex()])',
    ].join('\n')
    const results = []
    for (let i = 0; i < 4; i++) {
      await until(real, 1)
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
    expect(await counted()).toEqual({ hits: 4, misses: 0 })
    await until(real, 1)
    expect(await poolOf(real)).toMatchObject({ size: 1, running: 0 })
  })

  it('starts one for a job that asks for more memory than those that wait have', async () => {
    const script = 'import resource, aether; aether.result(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)'
    expect((await real.run(script, { limits: { memoryMb: 768 } })).result).toBe(768)
    expect(await counted()).toEqual({ hits: 0, misses: 1 })
    expect((await real.run(script, { limits: { memoryMb: 400 } })).result).toBe(400)
    expect(await counted()).toEqual({ hits: 1, misses: 1 })
  })

  it('keeps the limits in a sandbox that waited: time, processor, memory, output', async () => {
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
    expect(await counted()).toEqual({ hits: 4, misses: 0 })
  })

  it('replaces one that is killed while it waits, and runs the job that came to it elsewhere', async () => {
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

/** `FULL=1` takes all; the machine that runs every test takes fewer, with the same share killed. */
const JOBS = process.env.FULL === '1' ? 200 : 80

describe.skipIf(WITHOUT_SANDBOX)(`${JOBS} jobs, 8 at once, a tenth killed midway`, () => {
  it('loses none, leaves nothing, and holds no more than before', { timeout: 180_000 }, async () => {
    const real = await openPool({ poolSize: 4, maxParallel: 8, maxQueued: 200 })
    await until(real, 4)
    const idle = await memoryOf(real.stateDir)
    const before = process.memoryUsage().rss
    const jobs = Array.from({ length: JOBS }, async (_, i) => {
      const controller = new AbortController()
      const killed = i % 10 === 5
      const script = killed
        ? 'import time; print("on", flush=True); time.sleep(30)'
        : `import aether; print(${i}); aether.result(${i})`
      // They go away while they run, or while they still wait.
      const running = real.run(script, { signal: controller.signal, deadline: Date.now() + 170_000 })
      if (killed) setTimeout(() => controller.abort(), 200 + i * 60)
      return { i, killed, run: await running }
    })
    for (const { i, killed, run } of await Promise.all(jobs))
      if (killed) expect(run).toMatchObject({ exitClass: 'killed', result: null })
      else expect(run).toMatchObject({ exitClass: 'ok', stdout: `${i}\n`, result: i })
    await until(real, 4)
    expect(await poolOf(real)).toMatchObject({ running: 0, queued: 0 })
    await vi.waitFor(
      async () => {
        const left = await real.leftovers()
        expect(left.filter((line) => line.startsWith('b/'))).toHaveLength(4)
        expect(left.filter((line) => line.startsWith('cgroup')).length % 4).toBe(0)
      },
      { timeout: 2_000 },
    )
    expect((await memoryOf(real.stateDir)) / idle).toBeLessThan(1.3)
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })
})

/** Bytes that all processes of a state folder's sandboxes hold, what they share counted once. */
async function memoryOf(stateDir: string): Promise<number> {
  let kib = 0
  for (const entry of await readdir('/proc')) {
    const args = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (!args.includes(stateDir) || !args.includes('runsc')) continue
    const text = await readFile(`/proc/${entry}/smaps_rollup`, 'utf8').catch(() => '')
    kib += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
  }
  return kib * 1_024
}

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
