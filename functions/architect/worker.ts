import { createRegistryCatalogue } from '../../shared/home/registry-catalogue.ts'
import { createAgentWorker } from '../../shared/worker/agent-worker.ts'
import { serviceBinding } from '../../shared/worker/bindings.ts'
import { readEnv } from '../../shared/worker/env.ts'
import { linkOf, peerOver } from '../../shared/worker/peer.ts'
import { ArchitectEnv } from './env.ts'
import { createArchitect } from './handler.ts'

/** The architect as a worker, bound to DS_ORCHESTRATOR and, for its tasks, HYPERDRIVE. */
export default createAgentWorker(
  'architect',
  (env) => readEnv(ArchitectEnv, env),
  ({ env, bindings, basics, home, llm, common }) =>
    createArchitect({
      ...common,
      home,
      catalogue: createRegistryCatalogue(home),
      llm,
      // It has no database here: ds_orchestrator keeps the steps of an analysis.
      steps: null,
      dsOrchestrator: peerOver(
        linkOf('ds_orchestrator', serviceBinding(bindings, 'DS_ORCHESTRATOR')),
        { from: 'architect', to: 'ds_orchestrator' },
        env.SERVICE_SECRET,
        basics,
      ),
    }),
)
