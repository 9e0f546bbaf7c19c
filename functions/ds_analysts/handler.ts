import type { Hono } from 'hono'
import { createAgentService } from '../../shared/a2a/agent-service.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { toStatusResponse } from '../../shared/sandbox/wire.ts'
import { traceAgent } from '../../shared/tracing/traced-agent.ts'
import { run } from './agent.ts'
import { analystsCard } from './card.ts'
import type { DsAnalystsDeps } from './deps.ts'
import { readRequest } from './input.ts'

/** The service as a fetch handler. */
export function createDsAnalysts(deps: DsAnalystsDeps): Hono<AppEnv> {
  return createAgentService(
    {
      service: 'ds_analysts',
      card: analystsCard,
      readInput: readRequest,
      run: (request, call) =>
        traceAgent(
          deps.tracer,
          { name: 'ds_analysts', kind: 'server', inputs: request.question },
          call,
          (within) => run(request, deps, within),
        ),
      // The runner is reached from here alone, so what it says of itself is asked here.
      routes: (app) =>
        app.get('/status', deps.authenticate, async (c) =>
          c.json(toStatusResponse(await deps.sandbox.status(c.req.raw.signal))),
        ),
    },
    deps,
  )
}
