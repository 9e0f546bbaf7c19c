import type { AgentYield } from '../../shared/domain/event.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'
import { resolveQuestion } from '../../shared/llm/offline/question.ts'
import { mendSpelling } from '../../shared/llm/offline/spelling.ts'
import { askTeam } from './ask-team.ts'
import { caveatFor } from './caveat.ts'
import { converse } from './converse.ts'
import type { AgentDeps } from './deps.ts'
import { bindsToJson, lastQuestion } from './messages.ts'
import { createAnswer } from './text.ts'
import type { ToolContext } from './tools/tool.ts'

const EMPTY = 'Your message is empty. What would you like to know about your home?'

/**
 * Answers one turn. Where the client addressed an analyst the delegation is fixed; else the model decides, with tools
 * for analysis, states and proposals. Yields events, the answer's text with its offsets, and a result; throws typed
 * errors.
 */
export async function* run(turn: Turn, deps: AgentDeps, call: CallContext): AsyncGenerator<AgentYield> {
  const answer = createAnswer()
  if (lastQuestion(turn).trim() === '') {
    yield* answer.say(EMPTY)
    yield { kind: 'result', text: answer.text, analysisIds: [] }
    return
  }
  // The first word of a model may take long: until then this tells that somebody is at work.
  yield { kind: 'status', text: 'Reading the question', step: 'read' }
  const info = await deps.home.info({ signal: call.signal })
  const fixed = turn.hints.analysts && !bindsToJson(turn) ? questionFor(turn, info) : null
  if (!fixed) return yield* converse(turn, info, deps, call)

  const context: ToolContext = { turn, info, deps, call, nonce: deps.newId('call'), number: 1, alone: true }
  const delegated = yield* answer.passOn(askTeam(fixed, context))
  yield* answer.say(caveatFor(answer.text, info, deps.llm.offline, turn.hints.brief))
  yield { kind: 'result', text: answer.text, analysisIds: delegated.analysisIds }
}

/**
 * The question for an analyst whom the client named: follow-ups are resolved by rule, so no model is needed to decide.
 * Null for small talk, which is no analyst's business.
 */
function questionFor(turn: Turn, info: HomeInfo) {
  const texts = turn.messages
    .filter((message) => message.role === 'user')
    .map((message) => mendSpelling(message.content))
  const time = {
    now: Date.parse(info.now),
    zone: info.timeZone,
    data: { start: Date.parse(info.dataStart), end: Date.parse(info.dataEnd) },
  }
  const question = resolveQuestion(texts, time)
  if (question.intent.kind === 'small_talk') return null
  return {
    question: question.followUp ? question.text : mendSpelling(lastQuestion(turn)),
    analysts: turn.hints.analysts,
    window: question.window,
    compare: question.compare,
    reason: `the ${turn.hints.analysts?.join(' and ')} analyst is to answer`,
  }
}
