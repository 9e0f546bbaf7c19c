import { setTimeout as sleep } from 'node:timers/promises'
import { StartFault } from '../node/start-fault.ts'
import type { Published } from './stack.ts'

const PAUSE_MS = 250
const PROBE_MS = 5_000
/** A first start of Postgres and MLflow on a slow disk takes a good part of this. */
export const READY_MS = 180_000
const SAY_MS = 10_000

export interface WaitDeps {
  readonly fetch: (url: string, init: { signal: AbortSignal }) => Promise<{ readonly ok: boolean }>
  readonly say: (line: string) => void
  readonly now: () => number
}

/** Waits until every service says that it is ready; tells now and then who is still waited for. Throws StartFault. */
export async function waitUntilReady(services: readonly Published[], deps: WaitDeps): Promise<void> {
  const begun = deps.now()
  let said = begun
  let left = services
  for (;;) {
    const states = await Promise.all(left.map((service) => isReady(service, deps)))
    left = left.filter((_, i) => !states[i])
    if (left.length === 0) return
    const names = left.map(({ name }) => name).join(', ')
    if (deps.now() - begun > READY_MS)
      throw new StartFault(`Not ready after ${READY_MS / 1_000} s: ${names}. make logs shows why.`)
    if (deps.now() - said >= SAY_MS) {
      deps.say(`waiting for ${names}`)
      said = deps.now()
    }
    await sleep(PAUSE_MS)
  }
}

async function isReady({ url }: Published, { fetch }: WaitDeps): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false // not listening yet
  }
}
