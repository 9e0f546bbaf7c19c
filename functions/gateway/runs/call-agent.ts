import type { Peer } from '../../../shared/a2a/client.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import { type AgentName, isAnalyst } from '../../../shared/domain/names.ts'
import type { CallContext, Turn } from '../../../shared/domain/turn.ts'
import { toWire } from '../../../shared/domain/wire.ts'

export interface CallAgentDeps {
  readonly orchestrate: (turn: Turn, call: CallContext) => AsyncIterable<AgentYield>
  readonly architect: Peer
}

/**
 * Hands a turn to the agent that the client asked for and passes on what it yields, our own delegation first. An
 * analyst's name goes to the architect with the analyst fixed; only `auto` meets the orchestrator.
 */
export async function* callAgent(
  agent: AgentName,
  turn: Turn,
  deps: CallAgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  if (agent === 'auto') {
    yield { ...delegation('orchestrator', 'No agent was named: it decides who answers.'), origin: 'gateway' }
    yield* withOrigin(deps.orchestrate(turn, call), 'orchestrator')
    return
  }
  const analysts = isAnalyst(agent) ? [agent] : null
  const reason = analysts === null ? 'The architect was asked for.' : `The ${agent} analyst was asked for.`
  yield { ...delegation('architect', reason), origin: 'gateway' }
  const fixed: Turn = { ...turn, hints: { ...turn.hints, analysts } }
  const text = turn.messages.findLast((message) => message.role === 'user')?.content ?? ''
  const data = { schema: 'aether.turn/v1', data: toWire(fixed) as unknown as Record<string, unknown> }
  yield* withOrigin(deps.architect.call({ text, data }, call), 'architect')
}

const delegation = (to: 'orchestrator' | 'architect', reason: string) =>
  ({ kind: 'delegation', from: 'gateway', to, reason }) as const

/** Names the service of events that do not name one themselves. */
async function* withOrigin(
  source: AsyncIterable<AgentYield>,
  origin: 'orchestrator' | 'architect',
): AsyncGenerator<AgentYield> {
  for await (const item of source)
    yield item.kind === 'output' || item.origin !== undefined ? item : { ...item, origin }
}
