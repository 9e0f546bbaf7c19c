import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** A program of ours that runs, or has run, as a process of its own. */
export interface Program {
  readonly child: ChildProcess
  /** All that it has printed so far. */
  output(): string
  /** Code and signal with which it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Collects what a process prints. */
export function watch(child: ChildProcess): Program {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => {
      output += String(data)
    })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  return { child, output: () => output, ended }
}

/** Has the kernel end a program (SIGTERM) when the process that started it is gone, however that came about. */
const ENDS_WITH_US = ['/usr/bin/setpriv', '--pdeathsig', 'TERM', '--'] as const

/** Starts `dist/<name>.mjs` of an installation: it sees PATH and this environment, and no folder of ours. */
export function startProgram(
  root: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = [],
): Program {
  const [command, ...before] = ENDS_WITH_US
  return watch(
    spawn(command, [...before, process.execPath, join(root, `dist/${name}.mjs`), ...args], {
      cwd: '/', // nothing may depend on it
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

/** What lets a program find what `make setup` has put into the user's cache folder. */
export const USERS_CACHE = { HOME: process.env.HOME, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME } as const
