import type { Hono } from 'hono'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { toStatusResponse } from '../../../shared/sandbox/wire.ts'
import type { SandboxRunnerDeps } from '../deps.ts'

/**
 * `GET /health`: the process is up. `GET /ready`: a script would run now, else 503 with the reason. `GET /status` (with a
 * token): tier, runsc version and platform, why there is no sandbox, and the pool's state; always 200.
 */
export function registerProbes(
  app: Hono<AppEnv>,
  { sandbox, authenticate }: Pick<SandboxRunnerDeps, 'sandbox' | 'authenticate'>,
): void {
  app.get('/health', (c) => c.json({ status: 'ok', service: 'sandbox_runner' }))
  app.get('/ready', async (c) => {
    const { tier, reason } = await sandbox.status(c.req.raw.signal)
    if (tier === 'unavailable') throw new AetherError('SANDBOX_UNAVAILABLE', reason ?? undefined)
    return c.json({ status: 'ready' })
  })
  app.get('/status', authenticate, async (c) =>
    c.json(toStatusResponse(await sandbox.status(c.req.raw.signal))),
  )
}
