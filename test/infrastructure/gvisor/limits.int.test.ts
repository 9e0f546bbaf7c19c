import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

describe.skipIf(WITHOUT_SANDBOX)('limits in real gVisor', () => {
  let real: RealSandbox
  beforeAll(async () => {
    real = await openRealSandbox({ poolSize: 1 })
    real.sandbox.warm()
  })
  let id: string
  beforeEach(async () => {
    id = await real.next()
  })
  afterEach(async () => {
    expect(await real.run('print("clean")')).toMatchObject({ exitClass: 'ok', stdout: 'clean\n' })
    await vi.waitFor(async () => expect(await real.leftovers(id)).toEqual([]), { timeout: 2_000 })
  })
  afterAll(() => real.close())

  it.each<[string, string, string, string]>([
    ['an endless loop', 'while True: pass', 'timeout', 'WallTimeLimit'],
    ['sleep', 'import time; time.sleep(100)', 'timeout', 'WallTimeLimit'],
    [
      'a loop that ignores every signal',
      'import signal\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\nwhile True: pass',
      'timeout',
      'WallTimeLimit',
    ],
    [
      'a supervisor that was stopped',
      'import os, signal; os.kill(1, signal.SIGSTOP)\nwhile True: pass',
      'timeout',
      'WallTimeLimit',
    ],
    [
      'a fork bomb',
      'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass',
      'timeout',
      'WallTimeLimit',
    ],
  ])('%s ends by the wall clock', async (_, script, exitClass, errorClass) => {
    expect(await real.run(script, { limits: { wallMs: 800 } })).toMatchObject({ exitClass, errorClass })
  })

  it.each([
    ['plainly', 'while True: pass'],
    ['ignoring the signal', 'import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass'],
  ])('processor time used up %s is a timeout, and imports do not count', async (_, loop) => {
    const run = await real.run(`import pandas\nprint("in", flush=True)\n${loop}`, { limits: { cpuS: 1 } })
    expect(run).toMatchObject({ exitClass: 'timeout', errorClass: 'CpuTimeLimit', stdout: 'in\n' })
  })

  it('never starve the runner: it answers all the while that every processor is taken, and ends both', async () => {
    const busy = 'import os\nfor _ in range(5):\n  try: os.fork()\n  except OSError: pass\nwhile True: pass'
    let answers = 0
    let over = false
    const runs = Promise.all([1, 2].map(() => real.run(busy, { limits: { wallMs: 2_000 } })))
    void runs.finally(() => {
      over = true
    })
    while (!over) {
      const { tier } = await real.sandbox.status(new AbortController().signal)
      expect(tier).toBe('gvisor')
      answers++
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    for (const run of await runs)
      expect(run).toMatchObject({ exitClass: 'timeout', errorClass: 'WallTimeLimit' })
    // Undisturbed it is about 40 of them.
    expect(answers).toBeGreaterThan(15)
  })

  it('a MemoryError is memory, from Python and from NumPy', async () => {
    const python = await real.run('x = []\nwhile True: x.append(bytearray(1 << 20))')
    expect(python).toMatchObject({ exitClass: 'memory', errorClass: 'MemoryError' })
    const numpy = await real.run('import numpy; numpy.ones(10**10)')
    expect(numpy).toMatchObject({ exitClass: 'memory', errorClass: 'MemoryError' })
  })

  it('many processes that share the memory limit between them are memory too', async () => {
    const script = [
      'import os, time',
      'for _ in range(4): os.fork()',
      'x = b"x" * (200 << 20)',
      'time.sleep(20)',
    ].join('\n')
    expect(await real.run(script)).toMatchObject({ exitClass: 'memory', errorClass: 'MemoryError' })
  })

  it.each(['stdout', 'stderr'])('endless %s is output', async (stream) => {
    const script = `import sys\nwhile True: sys.${stream}.write("x" * 65536)`
    const run = await real.run(script, { limits: { outputBytes: 50_000 } })
    expect(run).toMatchObject({ exitClass: 'output', errorClass: 'OutputLimit', result: null })
    expect(run[stream === 'stdout' ? 'stdout' : 'stderr']).toBe('x'.repeat(50_000))
  })

  it('output up to the limit is kept whole', async () => {
    const run = await real.run('print("y" * 49_999)', { limits: { outputBytes: 50_000 } })
    expect(run).toMatchObject({ exitClass: 'ok', stdout: `${'y'.repeat(49_999)}\n` })
  })

  it.each([
    ['a full /tmp', 'f = open("x", "wb")\nwhile True: f.write(b"x" * 1_000_000)', 'OSError'],
    ['a sparse file of 1 TB', 'f = open("x", "wb"); f.truncate(1 << 40)', 'OSError'],
    [
      'too many threads',
      'import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()',
      'RuntimeError',
    ],
  ])('%s is an error', async (_, script, errorClass) => {
    const run = await real.run(script)
    expect(['error', 'memory']).toContain(run.exitClass)
    if (run.exitClass === 'error') expect(run.errorClass).toBe(errorClass)
  })

  it('takes files up to the most that a job may have', async () => {
    const files = [{ name: 'a', content: 'x'.repeat(8_388_608) }]
    expect(await real.run('print(len(open("a").read()))', { files })).toMatchObject({ stdout: '8388608\n' })
  })

  it('ends a daemon with its script', async () => {
    const script = [
      'import os, time',
      'if os.fork() == 0:',
      '  os.setsid()',
      '  if os.fork() == 0: time.sleep(100)',
      '  os._exit(0)',
      'print("done")',
    ].join('\n')
    expect(await real.run(script)).toMatchObject({ exitClass: 'ok', stdout: 'done\n' })
  })

  it('a script that kills its supervisor is killed with it', async () => {
    expect(await real.run('import os, time; os.kill(1, 15); time.sleep(9)')).toMatchObject({ result: null })
  })
})
