import type { Peer } from '../a2a/client.ts'
import type { Log } from '../config/log.ts'
import type { CallContext } from '../domain/turn.ts'
import type { LanguageModel } from '../llm/port.ts'
import { openSteps, type StepStore } from './step-log.ts'
import { steppedModel } from './stepped-model.ts'
import { steppedPeer } from './stepped-peer.ts'

/** What an agent does in steps that are worth keeping. */
interface Steppable {
  readonly log: Log
  /** Null where the process has nothing to keep them in. */
  readonly steps: StepStore | null
  readonly llm: LanguageModel
}

/** An agent's deps for one call, whose model is not asked twice for what an earlier execution of the run has finished. */
export function bindSteps<D extends Steppable>(
  service: string,
  deps: D,
  call: CallContext,
  peers: (bind: (peer: Peer) => Peer) => Partial<D> = () => ({}),
): D {
  const steps = deps.steps && openSteps(service, call, { store: deps.steps, log: deps.log })
  if (!steps) return deps
  return { ...deps, llm: steppedModel(deps.llm, steps), ...peers((peer) => steppedPeer(peer, steps)) }
}
