import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { createGvisorSandbox } from '../../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'

// A runner that starts two endless scripts, says so, and is then killed by the test.
const sandbox = createGvisorSandbox({
  found: await findSandbox(process.env),
  stateDir: process.argv[2] ?? '',
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
})
const options = { signal: new AbortController().signal, deadline: Date.now() + 60_000, user: 'test' }
await sandbox.status(options.signal)
const job = { script: 'while True: pass', files: [], limits: DEFAULT_LIMITS }
void sandbox.run(job, options)
void sandbox.run(job, options)
setTimeout(() => console.log('running'), 1_500)
