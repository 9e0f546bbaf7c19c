import type { ChildProcess } from 'node:child_process'

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
