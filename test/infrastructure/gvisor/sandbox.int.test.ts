import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

const CSV = { name: 'power.csv', content: 'hour,kwh\n0,0.25\n1,0.5\n2,1.25\n' }

describe.skipIf(WITHOUT_SANDBOX)('scripts in real gVisor', () => {
  let real: RealSandbox
  beforeAll(async () => {
    real = await openRealSandbox()
  })
  afterEach(async () => {
    await vi.waitFor(async () => expect(await real.leftovers()).toEqual([]), { timeout: 2_000 })
  })
  afterAll(() => real.close())

  it('says that it is gVisor, because a first script ran', async () => {
    const status = await real.sandbox.status(new AbortController().signal)
    expect(status).toMatchObject({ tier: 'gvisor', platform: 'systrap', reason: null })
    expect(status.runsc).toMatch(/\S/)
  })

  it('reads its files with pandas and reports a result', async () => {
    const script = [
      'import pandas as pd, numpy as np, aether',
      'df = pd.read_csv("power.csv")',
      'print("rows", len(df))',
      'aether.result({"total": df.kwh.sum(), "peak": df.kwh.idxmax(), "nan": np.nan, "at": pd.Timestamp("2026-01-02"),',
      '  "list": df.kwh.to_numpy(), "series": df.kwh, 1: True})',
    ].join('\n')
    const run = await real.run(script, { files: [CSV] })
    expect(run).toMatchObject({
      exitClass: 'ok',
      exitCode: 0,
      errorClass: null,
      stdout: 'rows 3\n',
      stderr: '',
    })
    expect(run.tier).toBe('gvisor')
    expect(run.result).toEqual({
      total: 2,
      peak: 2,
      nan: null,
      at: '2026-01-02T00:00:00',
      list: [0.25, 0.5, 1.25],
      series: { 0: 0.25, 1: 0.5, 2: 1.25 },
      1: true,
    })
    expect(Object.keys(run.timings)).toEqual(
      expect.arrayContaining(['queue_ms', 'start_ms', 'run_ms', 'cpu_ms', 'total_ms']),
    )
  })

  it('takes text and binary files, by plain names, and shows only these in the folder', async () => {
    const script = [
      'import os, sys',
      'print(sorted(os.listdir(".")))',
      'print(open("grün & blau.csv".replace(" & ", " ")).read(), open("b.bin", "rb").read().hex())',
      'print(sys.stdin.read() == "", sys.argv, __name__)',
    ].join('\n')
    const files = [
      { name: 'grün blau.csv', content: 'ä"\n\u0000;' },
      { name: 'b.bin', content: 'AP8Q', encoding: 'base64' as const },
    ]
    const run = await real.run(script, { files })
    expect(run.stdout).toBe("['b.bin', 'grün blau.csv']\nä\"\n\u0000; 00ff10\nTrue ['script.py'] __main__\n")
  })

  it('names the exception and shows the script’s own traceback', async () => {
    const run = await real.run(
      'import pandas as pd\ndf = pd.read_csv("power.csv")\nprint(df["nope"].sum())',
      {
        files: [CSV],
      },
    )
    expect(run).toMatchObject({ exitClass: 'error', exitCode: 1, errorClass: 'KeyError', result: null })
    expect(run.stderr).toMatch(
      /^Traceback[\s\S]*File "script.py", line 3[\s\S]*df\["nope"\][\s\S]*KeyError: 'nope'\n$/,
    )
    expect(run.stderr).not.toContain('<string>')
  })

  it.each([
    ['def f(:', 'error', 'SyntaxError', 1],
    ['import sys; sys.exit(3)', 'error', 'SystemExit', 3],
    ['exit("no data")', 'error', 'SystemExit', 1],
    ['import sys; sys.exit(0)', 'ok', null, 0],
    ['raise KeyboardInterrupt', 'error', 'KeyboardInterrupt', 1],
    ['import os; os._exit(4)', 'error', 'SystemExit', 4],
    ['import ctypes; ctypes.string_at(0)', 'error', 'SIGSEGV', 139],
    ['import os; os.kill(os.getpid(), 9)', 'error', 'SIGKILL', 137],
    ['import requests', 'error', 'ModuleNotFoundError', 1],
  ])('%s → %s', async (script, exitClass, errorClass, exitCode) => {
    expect(await real.run(script)).toMatchObject({ exitClass, errorClass, exitCode })
  })

  it('two at once do not see each other, the third waits its turn', async () => {
    const script = [
      'import os, time, aether',
      'before = os.listdir("/tmp")',
      'open("/tmp/mark", "w").write("x")',
      'time.sleep(0.3)',
      'aether.result({"before": before, "processes": [p for p in os.listdir("/proc") if p.isdigit()]})',
    ].join('\n')
    const runs = await Promise.all([real.run(script), real.run(script), real.run(script)])
    for (const run of runs) expect(run.result).toEqual({ before: ['work'], processes: ['1', '2'] })
    const queued = runs.map((run) => run.timings.queue_ms ?? 0).sort((a, b) => a - b)
    expect(queued[2]).toBeGreaterThan(queued[1] ?? Number.NaN)
  })

  it('differs in its random numbers from one run to the next', async () => {
    const script = 'import random, numpy, aether; aether.result([random.random(), numpy.random.rand()])'
    const [a, b] = [await real.run(script), await real.run(script)]
    expect(a?.result).not.toEqual(b?.result)
  })

  it('is killed when its caller goes away, while it runs and while it waits', async () => {
    const controller = new AbortController()
    const sleep = 'import time; print("on", flush=True); time.sleep(60)'
    const runs = Array.from({ length: 3 }, () => real.run(sleep, { signal: controller.signal }))
    setTimeout(() => controller.abort(), 900)
    for (const run of await Promise.all(runs))
      expect(run).toMatchObject({ exitClass: 'killed', result: null })
    expect(await real.run('1', { signal: AbortSignal.abort() })).toMatchObject({ exitClass: 'killed' })
  })

  it('ends at the turn’s deadline', async () => {
    const run = await real.run('while True: pass', { deadline: Date.now() + 1_200 })
    expect(run).toMatchObject({ exitClass: 'timeout', errorClass: 'WallTimeLimit' })
  })

  it('refuses a job with a name that is none, and runs nothing', async () => {
    await expect(real.run('1', { files: [{ name: '../../x', content: '' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { param: 'files[0].name' },
    })
  })
})

describe.skipIf(WITHOUT_SANDBOX)('the queue', () => {
  it('turns away what it does not hold, and says why', async () => {
    const real = await openRealSandbox({ maxParallel: 1, maxQueued: 0 })
    const first = real.run('import time; time.sleep(0.5)')
    const second = await real.run('1')
    expect(second).toMatchObject({ exitClass: 'unavailable' })
    expect(second.stderr).toContain('Too many scripts')
    expect(await first).toMatchObject({ exitClass: 'ok' })
    await real.close()
  })
})
