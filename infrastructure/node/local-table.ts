import { toColumns } from './columns.ts'
import type { LocalService } from './local-team.ts'

/** Services with addresses and states, as it is printed when all have started. */
export async function localTable(services: readonly LocalService[]): Promise<string> {
  const rows = await Promise.all(
    services.map(async ({ name, url, pid }) => [name, url, String(pid), await stateOf(name, url)]),
  )
  return toColumns([['service', 'address', 'pid', 'state'], ...rows])
}

/** Only the runner may be up without being ready: without gVisor metrics answer alone. */
async function stateOf(name: string, url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(10_000) })
    if (response.ok) return 'ready'
    return `no sandbox: ${reasonOf(await response.json())}`
  } catch {
    return `${name} does not answer`
  }
}

function reasonOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : null
  return typeof message === 'string' ? message : 'it gives no reason'
}
