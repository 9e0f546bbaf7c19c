import type { AgentYield } from '../../shared/domain/event.ts'
import type { AnalystName } from '../../shared/domain/names.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import { bindSteps } from '../../shared/steps/bind.ts'
import { bindTrace } from '../../shared/tracing/bind.ts'
import { traceAgent } from '../../shared/tracing/traced-agent.ts'
import { decide } from './decide.ts'
import type { OrchestratorDeps } from './deps.ts'

const EMPTY = {
  question: 'Your message is empty. What would you like to know?',
  options: ['Analyze my energy usage', 'Which lights are on?', 'Are any batteries low?'],
}

/**
 * Decides for `auto` who answers and forwards the answer, or asks back. Everything goes through the architect; a first
 * question that plainly belongs to one analyst fixes that analyst, a later one is read by the architect in its
 * conversation.
 */
export function run(turn: Turn, deps: OrchestratorDeps, call: CallContext): AsyncIterable<AgentYield> {
  const inputs = turn.messages.at(-1)?.content
  return traceAgent(deps.tracer, { name: 'orchestrator', inputs }, call, (within) =>
    route(turn, bindSteps('orchestrator', bindTrace(deps, within.traceparent), within), within),
  )
}

async function* route(turn: Turn, deps: OrchestratorDeps, call: CallContext): AsyncGenerator<AgentYield> {
  const questions = turn.messages.filter((message) => message.role === 'user')
  const last = questions.at(-1)?.content ?? ''
  if (last.trim() === '') return yield* askBack(EMPTY.question, EMPTY.options)

  yield { kind: 'status', text: 'Deciding who answers', step: 'route' }
  const decision = yield* decide(turn, deps, call)
  if (decision.kind === 'clarify') return yield* askBack(decision.question, decision.options)

  const analysts: readonly AnalystName[] | null =
    turn.hints.analysts ?? (decision.analyst && questions.length === 1 ? [decision.analyst] : null)
  yield {
    kind: 'delegation',
    from: 'orchestrator',
    to: 'architect',
    reason: decision.reason,
    ...(analysts ? { analysts } : {}),
  }
  const handed: Turn = { ...turn, hints: { ...turn.hints, analysts } }
  const message = { text: last, data: { schema: 'aether.turn/v1', data: toWire(handed) } }
  let ended = false
  for await (const item of deps.architect.call(message, {
    ...call,
    messageId: `${call.messageId}.architect`,
  })) {
    if (item.kind === 'result') ended = true
    yield item
  }
  if (!ended)
    throw new AetherError('AGENT_UNAVAILABLE', 'The architect ended without an answer. Try again shortly.')
}

/** A question back: as text for every client, as an event for those that show options. */
async function* askBack(question: string, options: readonly string[]): AsyncGenerator<AgentYield> {
  const list = options.map((option) => `- ${option}`).join('\n')
  const text = list ? `${question}\n\n${list}` : question
  yield { kind: 'clarify', question, options }
  yield { kind: 'text', delta: text, offset: 0 }
  yield { kind: 'result', text, analysisIds: [] }
}
