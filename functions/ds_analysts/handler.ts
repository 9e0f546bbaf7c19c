import type { Hono } from 'hono'
import { mountAgent } from '../../shared/a2a/server.ts'
import { createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { toStatusResponse } from '../../shared/sandbox/wire.ts'
import { run } from './agent.ts'
import { analystsCard } from './card.ts'
import type { DsAnalystsDeps } from './deps.ts'
import { readRequest } from './input.ts'

/** The service as a fetch handler: card, health and readiness are free, the agent itself takes service tokens only. */
export function createDsAnalysts(deps: DsAnalystsDeps): Hono<AppEnv> {
  const { log, now, newId, tasks, authenticate } = deps
  const app = createApp({ service: 'ds_analysts', log, newId, now })
  app.get('/health', (c) => c.json({ status: 'ok', service: 'ds_analysts', version: deps.version }))
  app.get('/ready', async (c) =>
    (await deps.ready()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503),
  )
  // The runner is reached from here alone, so what it says of itself is asked here.
  app.get('/status', authenticate, async (c) =>
    c.json(toStatusResponse(await deps.sandbox.status(c.req.raw.signal))),
  )
  mountAgent(app, {
    service: 'ds_analysts',
    card: analystsCard(deps.publicUrl, deps.version),
    authenticate,
    readInput: readRequest,
    run: (input, call) => run(input, deps, call),
    tasks,
    now,
    newId,
    log,
  })
  return app
}
