import type { Hono } from 'hono'
import { createAgentService } from '../../shared/a2a/agent-service.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { bindSteps } from '../../shared/steps/bind.ts'
import { bindTrace } from '../../shared/tracing/bind.ts'
import { traceAgent } from '../../shared/tracing/traced-agent.ts'
import { run } from './agent.ts'
import { architectCard } from './card.ts'
import type { ArchitectDeps } from './deps.ts'
import { readTurn } from './input.ts'

/** The service as a fetch handler. */
export function createArchitect(deps: ArchitectDeps): Hono<AppEnv> {
  return createAgentService(
    {
      service: 'architect',
      card: architectCard,
      readInput: readTurn,
      run: (turn, call) =>
        traceAgent(
          deps.tracer,
          { name: 'architect', kind: 'server', inputs: turn.messages.at(-1)?.content },
          call,
          (within) => {
            const traced = bindTrace(deps, within.traceparent)
            const stepped = bindSteps('architect', traced, within, (bind) => ({
              dsOrchestrator: bind(deps.dsOrchestrator),
            }))
            return run(turn, stepped, within)
          },
        ),
    },
    deps,
  )
}
