import type { Hono } from 'hono'
import { createAgentService } from '../../shared/a2a/agent-service.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { bindSteps } from '../../shared/steps/bind.ts'
import { bindTrace } from '../../shared/tracing/bind.ts'
import { traceAgent } from '../../shared/tracing/traced-agent.ts'
import { run } from './agent.ts'
import { dsOrchestratorCard } from './card.ts'
import type { DsOrchestratorDeps } from './deps.ts'
import { readQuestion } from './input.ts'

/** The service as a fetch handler. */
export function createDsOrchestrator(deps: DsOrchestratorDeps): Hono<AppEnv> {
  return createAgentService(
    {
      service: 'ds_orchestrator',
      card: dsOrchestratorCard,
      readInput: readQuestion,
      run: (asked, call) =>
        traceAgent(
          deps.tracer,
          { name: 'ds_orchestrator', kind: 'server', inputs: asked.question },
          call,
          (within) => {
            const traced = bindTrace(deps, within.traceparent)
            const stepped = bindSteps('ds_orchestrator', traced, within, (bind) => ({
              dsAnalysts: bind(deps.dsAnalysts),
            }))
            return run(asked, stepped, within)
          },
        ),
    },
    deps,
  )
}
