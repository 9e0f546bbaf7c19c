import type { Sandbox, SandboxJob, SandboxResult, SandboxStatus } from '../../shared/sandbox/port.ts'

export interface FakeSandbox extends Sandbox {
  readonly jobs: { readonly job: SandboxJob; readonly deadline: number; readonly user: string }[]
}

export const OK_RESULT: SandboxResult = {
  exitClass: 'ok',
  exitCode: 0,
  errorClass: null,
  stdout: '',
  stderr: '',
  result: null,
  metrics: [],
  artifacts: [],
  artifactsRefused: [],
  telemetry: { spans: [], counters: {} },
  timings: { run_ms: 1 },
  tier: 'gvisor',
}

/** A sandbox that runs nothing: it keeps the jobs and answers with what it is told, or waits for the abort. */
export function createFakeSandbox(
  answer: Partial<SandboxResult> | 'wait' = {},
  status: Partial<SandboxStatus> = {},
): FakeSandbox {
  const jobs: FakeSandbox['jobs'] = []
  return {
    jobs,
    async run(job, { signal, deadline, user }) {
      jobs.push({ job, deadline, user })
      if (answer !== 'wait') return { ...OK_RESULT, ...answer }
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve(), { once: true })
      })
      return { ...OK_RESULT, exitClass: 'killed', exitCode: null }
    },
    async status() {
      return { tier: 'gvisor', runsc: 'release-20240729.0', platform: 'systrap', reason: null, ...status }
    },
  }
}
