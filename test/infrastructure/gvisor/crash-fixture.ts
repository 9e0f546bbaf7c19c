import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { createGvisorSandbox } from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'

// A runner that starts two endless scripts, or holds two sandboxes ready and runs one, says so, and is then killed by the test.
const pooled = process.argv[3] === 'pool'
const sandbox = createGvisorSandbox({
  found: await findSandbox(process.env),
  stateDir: process.argv[2] ?? '',
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
  poolSize: pooled ? 2 : 0,
})
const options = { signal: new AbortController().signal, deadline: Date.now() + 60_000, user: 'test' }
// One script stops its supervisor, which then cannot see that its runner is gone.
const script = 'import os, signal; os.kill(1, signal.SIGSTOP)\nwhile True: pass'
const job = { script: pooled ? script : 'while True: pass', files: [], limits: DEFAULT_LIMITS }
if (pooled) {
  sandbox.warm()
  while (((await sandbox.status(options.signal)).pool?.ready ?? 0) < 2)
    await new Promise((resolve) => setTimeout(resolve, 50))
} else await sandbox.status(options.signal)
void sandbox.run(job, options)
if (!pooled) void sandbox.run(job, options)
setTimeout(() => console.log('running'), pooled ? 300 : 1_500)
