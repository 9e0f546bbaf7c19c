import { createPostgresStepStore } from '../../shared/steps/postgres-step-store.ts'
import { createAnalysisRecords } from '../../shared/storage/analyses/analysis-records.ts'
import { createAgentWorker } from '../../shared/worker/agent-worker.ts'
import { serviceBinding } from '../../shared/worker/bindings.ts'
import { needDb } from '../../shared/worker/database.ts'
import { readEnv } from '../../shared/worker/env.ts'
import { linkOf, peerOver } from '../../shared/worker/peer.ts'
import { DsOrchestratorEnv } from './env.ts'
import { createDsOrchestrator } from './handler.ts'

/** ds_orchestrator as a worker, bound to DS_ANALYSTS and HYPERDRIVE. */
export default createAgentWorker(
  'ds_orchestrator',
  (env) => readEnv(DsOrchestratorEnv, env),
  ({ env, bindings, basics, db: bound, home, llm, common }) => {
    const db = needDb(bound, bindings)
    return createDsOrchestrator({
      ...common,
      home,
      llm,
      dsAnalysts: peerOver(
        linkOf('ds_analysts', serviceBinding(bindings, 'DS_ANALYSTS')),
        { from: 'ds_orchestrator', to: 'ds_analysts' },
        env.SERVICE_SECRET,
        basics,
      ),
      analyses: createAnalysisRecords(db),
      steps: createPostgresStepStore(db),
      threshold: env.DS_CONFIDENCE_THRESHOLD,
      maxAttempts: env.DS_MAX_ATTEMPTS,
    })
  },
)
