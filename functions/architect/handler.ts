import type { Hono } from 'hono'
import { mountAgent } from '../../shared/a2a/server.ts'
import { createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { run } from './agent.ts'
import { architectCard } from './card.ts'
import type { ArchitectDeps } from './deps.ts'
import { readTurn } from './input.ts'

/** The service as a fetch handler: card, health and readiness are free, the agent itself takes service tokens only. */
export function createArchitect(deps: ArchitectDeps): Hono<AppEnv> {
  const { log, now, newId, tasks, authenticate } = deps
  const app = createApp({ service: 'architect', log, newId, now })
  app.get('/health', (c) => c.json({ status: 'ok', service: 'architect', version: deps.version }))
  app.get('/ready', async (c) =>
    (await deps.ready()) ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503),
  )
  mountAgent(app, {
    service: 'architect',
    card: architectCard(deps.publicUrl, deps.version),
    authenticate,
    readInput: readTurn,
    run: (input, call) => run(input, deps, call),
    tasks,
    now,
    newId,
    log,
  })
  return app
}
