import { spawn, spawnSync } from 'node:child_process'
import type { Env } from '../../shared/config/env.ts'

/** What a short command printed, and whether it succeeded. A program that is not there has failed. */
export interface Outcome {
  readonly ok: boolean
  readonly out: string
  readonly err: string
}

/** Asks a program something; it gets this long. */
export type Ask = (command: readonly string[]) => Outcome

const ASK_MS = 60_000

/** Asks with this environment. */
export function createAsk(env: Env): Ask {
  return ([program = '', ...args]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      env: { ...env },
      encoding: 'utf8',
      timeout: ASK_MS,
    })
    return { ok: status === 0, out: stdout ?? '', err: error?.message ?? stderr ?? '' }
  }
}

/** Runs a long command before the user's eyes; resolves with its exit code. Ctrl-C reaches it with us. */
export function show(command: readonly string[], env: Env): Promise<number> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...env }, stdio: 'inherit' })
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
