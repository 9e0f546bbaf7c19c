import { type Closers, createClosers } from '../../infrastructure/node/closers.ts'
import { createLog } from '../../shared/config/log.ts'

/** What the card of the kit's agent offers. */
export interface Capabilities {
  readonly streaming: boolean
  readonly push: boolean
}

/** The agent as it is served. */
export interface Host {
  readonly url: string
  stop(): Promise<void>
}

/** What the kit is run against. */
export interface Profile extends Capabilities {
  readonly name: string
  start(capabilities: Capabilities): Promise<Host>
}

/** The log of whoever runs the kit: faults alone. */
export const log = createLog({
  write: (line) => console.error(line),
  level: 'warn',
  service: 'tck',
  now: Date.now,
  secrets: [],
})

/** Opens a host; `open` notes what is to be closed and gives the address. What fails halfway is closed again. */
export async function opening(open: (closers: Closers) => Promise<string>): Promise<Host> {
  const closers = createClosers()
  const stop = () => closers.closeAll((name, error) => log.warn(`${name} did not close`, { error }))
  try {
    return { url: await open(closers), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
