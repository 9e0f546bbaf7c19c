import { spawn } from 'node:child_process'

/** How runsc is called: fixed for a process, and named in the status. */
export interface RunscCall {
  readonly path: string
  readonly platform: 'systrap' | 'ptrace'
  /** Where runsc keeps the state of its containers; short, for a socket's path lies in it. */
  readonly stateRoot: string
  /** Without root's rights. */
  readonly rootless: boolean
}

/** What runsc's own process may read of ours: nothing but where programs are. */
export const RUNSC_ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

/** The flags that every runsc command takes, before its name. */
export function runscFlags(call: RunscCall): string[] {
  return [
    `--root=${call.stateRoot}`,
    `--platform=${call.platform}`,
    '--network=none',
    '--ignore-cgroups',
    ...(call.rootless ? ['--rootless'] : []),
  ]
}

/**
 * Runs a short runsc command. Never throws and never takes longer than `timeoutMs`, nor than until `signal` fires: one that
 * hangs is killed. Returns whether it exited with 0.
 */
export function runscCommand(
  call: RunscCall,
  args: readonly string[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(call.path, [...runscFlags(call), ...args], {
      env: RUNSC_ENV,
      stdio: 'ignore',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(signal === undefined ? {} : { signal }),
    })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}
