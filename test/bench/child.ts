import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A server in a process of its own, so that it does not share the event loop of whoever measures it. */
export interface Child {
  readonly url: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** Starts a file of this folder as a process; it sends `{ url }` once it listens, and ends when its channel closes. */
export async function startChild(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), args, { env })
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`))),
  )
  ended.catch(() => {})
  const [{ url }] = await Promise.race([once(child, 'message') as Promise<[{ url: string }]>, ended])
  return {
    url,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}
