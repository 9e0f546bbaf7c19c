import { createGvisorSandbox } from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'

// A runner as a plain user: takes what to use as JSON, runs a few scripts, and prints what came of them as one line of JSON.
const { found, stateDir } = JSON.parse(process.argv[2] ?? '{}')
const newId = () => crypto.randomUUID()
const sandbox = createGvisorSandbox({ found, stateDir, now: () => Date.now(), newId, poolSize: 1 })
const { signal } = new AbortController()
const run = (script: string, limits = {}) =>
  sandbox.run(
    {
      script,
      files: [{ name: 'a.csv', content: 'kwh\n0.5\n1.5\n' }],
      limits: { ...DEFAULT_LIMITS, ...limits },
    },
    { signal, deadline: Date.now() + 50_000, user: 'test' },
  )
sandbox.warm()
const first = await sandbox.status(signal)
while (((await sandbox.status(signal)).pool?.ready ?? 0) === 0)
  await new Promise((resolve) => setTimeout(resolve, 50))
const good = await run('import pandas as pd, aether; aether.result(pd.read_csv("a.csv").kwh.sum())')
const stopped = await run('while True: pass', { wallMs: 1_000 })
const bomb = await run(
  'import os, time\nfor _ in range(4): os.fork()\nx = b"x" * (200 << 20)\ntime.sleep(20)',
)
const status = await sandbox.status(signal)
await sandbox.close()
console.log(JSON.stringify({ uid: process.getuid?.(), first, status, good, stopped, bomb }))
