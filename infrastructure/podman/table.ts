import { toColumns } from '../node/columns.ts'
import type { Published } from './stack.ts'

export interface TableDeps {
  readonly fetch: typeof fetch
  /** An API key for `/api/v1/status`. */
  readonly key: string
}

/** Services with addresses and states as the gateway sees them, the sandbox included, as a table. */
export async function describeServices(services: readonly Published[], deps: TableDeps): Promise<string> {
  const status = await readStatus(services[0]?.url ?? '', deps)
  return toColumns([
    ['service', 'address', 'state'],
    ...services.map(({ name, url }) => [name, url, status.states.get(name) ?? 'ok']),
    ['sandbox', 'from its caller alone', status.sandbox],
  ])
}

interface Status {
  readonly states: ReadonlyMap<string, string>
  readonly sandbox: string
}

async function readStatus(gateway: string, { fetch, key }: TableDeps): Promise<Status> {
  const response = await fetch(`${gateway}/api/v1/status`, {
    headers: { 'x-api-key': key },
    signal: AbortSignal.timeout(10_000),
  })
  const body = (await response.json()) as {
    readonly dependencies?: readonly { readonly name: string; readonly state: string }[]
    readonly sandbox?: { readonly tier: string; readonly runsc: string | null }
  }
  const sandbox =
    body.sandbox?.tier === 'gvisor' ? `gVisor ${body.sandbox.runsc}` : 'unavailable: metrics answer alone'
  return { states: new Map((body.dependencies ?? []).map(({ name, state }) => [name, state])), sandbox }
}
