import { Hono } from 'hono'
import * as v from 'valibot'
import { analystsCard } from '../../../functions/ds_analysts/card.ts'
import { createAgentService } from '../../../shared/a2a/agent-service.ts'
import { createAgentWorker } from '../../../shared/worker/agent-worker.ts'
import type { WorkerContext, WorkerEnv } from '../../../shared/worker/bindings.ts'
import { COMMON, HOME, MODEL, readEnv } from '../../../shared/worker/env.ts'

const bare = new Hono().post('/bare', async (c) => c.json(await c.req.json()))
const Variables = v.object({ ...COMMON, ...MODEL, ...HOME })

/** An agent that ends at once, with everything around it that a worker of ours has. */
const agent = createAgentWorker(
  'ds_analysts',
  (bindings) => readEnv(Variables, bindings),
  ({ common }) =>
    createAgentService(
      {
        service: 'ds_analysts',
        card: analystsCard,
        readInput: (message) => message.text,
        async *run(text) {
          yield { kind: 'result', text, analysisIds: [] }
        },
      },
      common,
    ),
)

/** The far end of the bench: `/bare` is what a hop costs at the least. */
export default {
  fetch: (request: Request, env: WorkerEnv, context: WorkerContext) =>
    request.url.endsWith('/bare') ? bare.fetch(request) : agent.fetch(request, env, context),
}
