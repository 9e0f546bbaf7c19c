import type { AgentYield } from '../../shared/domain/event.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'
import { AetherError, toAetherError } from '../../shared/errors/aether-error.ts'
import { parseArguments } from '../../shared/llm/complete.ts'
import { withoutLinks } from '../../shared/llm/plain-markdown.ts'
import type { ModelMessage, ModelRequest, ToolCall } from '../../shared/llm/port.ts'
import { caveatFor } from './caveat.ts'
import { withCheckedNumbers } from './check-numbers.ts'
import type { AgentDeps } from './deps.ts'
import { toFinalJson } from './final-json.ts'
import { createGate, type Gate } from './gate.ts'
import { MAX_DELEGATIONS, MAX_ROUNDS, MAX_TOOL_CALLS } from './limits.ts'
import { bindsToJson, toModelMessages } from './messages.ts'
import { MODEL_FELL_SILENT, NO_FIGURES, NO_MORE_TOOLS, NO_WORDS } from './prompt.ts'
import { createAnswer } from './text.ts'
import { ANALYZE } from './tools/analyze.ts'
import { toolFault } from './tools/bad-arguments.ts'
import { FIND_ENTITIES } from './tools/find-entities.ts'
import { GET_AUTOMATIONS } from './tools/get-automations.ts'
import { GET_STATES } from './tools/get-states.ts'
import { PROPOSE_CHANGE } from './tools/propose-change.ts'
import type { Delegated, Tool, ToolContext, ToolOutcome } from './tools/tool.ts'

const TOOLS: readonly Tool[] = [ANALYZE, FIND_ENTITIES, GET_STATES, GET_AUTOMATIONS, PROPOSE_CHANGE]

/** What a turn has used and brought so far. */
interface Progress {
  toolCalls: number
  delegations: number
  readonly delegated: Delegated[]
  /** Tool results as the model read them. */
  readonly results: string[]
}

/**
 * The model's tool loop: at most 12 tool calls and 6 delegations. A lone analysis is passed on as the answer, word by
 * word as it comes; what the model words over analyses has its numbers checked before anything of it goes out, and what
 * it says without one may hold no figure of its own. A model that fails after an analysis leaves that as the answer.
 */
export async function* converse(
  turn: Turn,
  info: HomeInfo,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield> {
  const nonce = deps.newId('call')
  const messages = toModelMessages(turn, info, nonce)
  const progress: Progress = { toolCalls: 0, delegations: 0, delegated: [], results: [] }
  const answer = createAnswer()
  const bound = bindsToJson(turn)
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const open = round < MAX_ROUNDS && progress.toolCalls < MAX_TOOL_CALLS
    // Not as a system message: chat templates of several local models refuse one that does not stand first.
    if (!open) messages.push({ role: 'user', content: NO_MORE_TOOLS })
    const live = !bound && progress.delegated.length === 0
    const gate = live ? createGate([...sourcesOf(turn, info), ...progress.results]) : null
    let text: string
    let calls: readonly ToolCall[]
    try {
      const thought = yield* answer.passOn(think(requestFor(turn, messages, open), gate, deps, call))
      text = thought.text
      calls = open ? thought.calls : []
    } catch (thrown) {
      if (toAetherError(thrown).code !== 'LLM_UNAVAILABLE' || bound || progress.delegated.length === 0)
        throw thrown
      yield* answer.say(`${analysesOf(progress)}\n\n${MODEL_FELL_SILENT}`)
      break
    }
    if (calls.length === 0) {
      if (!live) yield* answer.say(finish(text, turn, progress))
      else if (answer.text.trim() === '') yield* answer.say(instead(gate?.withheld === true, progress))
      break
    }
    if (live && answer.text !== '') yield* answer.say('\n\n')
    const alone = calls.length === 1 && progress.toolCalls === 0 && !bound
    messages.push({ role: 'assistant', content: text, toolCalls: calls })
    for (const each of calls) {
      const context = { turn, info, deps, call, nonce, number: progress.toolCalls + 1, alone }
      const outcome = yield* answer.passOn(useTool(each, progress, context))
      progress.results.push(outcome.content)
      if (outcome.delegated) progress.delegated.push(outcome.delegated)
      messages.push({ role: 'tool', content: outcome.content, toolCallId: each.id })
    }
    if (alone && progress.delegated.length === 1) break
  }
  if (progress.toolCalls > 0 && !bound)
    yield* answer.say(caveatFor(answer.text, info, deps.llm.offline, turn.hints.brief))
  const analysisIds = progress.delegated.flatMap((each) => each.analysisIds)
  yield { kind: 'result', text: answer.text, analysisIds }
}

function requestFor(turn: Turn, messages: readonly ModelMessage[], open: boolean): ModelRequest {
  return {
    purpose: 'converse',
    model: turn.hints.model,
    messages: [...messages],
    ...(open ? { tools: TOOLS.map((tool) => tool.spec) } : {}),
    ...(bindsToJson(turn) && turn.hints.responseFormat ? { responseFormat: turn.hints.responseFormat } : {}),
  }
}

/** One answer of the model. What `gate` lets pass of its text is yielded as it comes; the answer gives the offsets. */
async function* think(
  request: ModelRequest,
  gate: Gate | null,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, { text: string; calls: ToolCall[] }> {
  let text = ''
  const calls: ToolCall[] = []
  for await (const chunk of deps.llm.stream(request, call)) {
    switch (chunk.kind) {
      case 'text': {
        text += chunk.delta
        const passed = gate?.push(chunk.delta) ?? ''
        if (passed !== '') yield { kind: 'text', delta: passed, offset: 0 }
        break
      }
      case 'reasoning':
        yield chunk
        break
      case 'tool_call':
        calls.push(chunk.call)
        break
      case 'usage': {
        const { kind: _kind, ...counts } = chunk
        yield { kind: 'usage', service: 'architect', ...counts }
      }
    }
  }
  const rest = gate?.end() ?? ''
  if (rest !== '') yield { kind: 'text', delta: rest, offset: 0 }
  return { text, calls }
}

/**
 * Runs one tool call within the turn's bounds. What the model did wrong is told to it, not thrown; a home or a team
 * that fails is thrown, unless an analysis stands already: then it is told too, and the answer says what is missing.
 */
async function* useTool(
  each: ToolCall,
  progress: Progress,
  context: ToolContext,
): AsyncGenerator<AgentYield, ToolOutcome> {
  const tool = TOOLS.find((known) => known.spec.name === each.name)
  progress.toolCalls++
  if (progress.toolCalls > MAX_TOOL_CALLS)
    return toolFault('No further tool may be called in this turn.', context.nonce)
  if (!tool) return toolFault('There is no such tool.', context.nonce)
  if (tool.delegates && ++progress.delegations > MAX_DELEGATIONS)
    return toolFault('No further analysis may be asked for in this turn.', context.nonce)
  const args = parseArguments(each.arguments)
  if (args === null) return toolFault('The arguments are not valid JSON.', context.nonce)
  try {
    return yield* tool.run(args, context)
  } catch (thrown) {
    if (context.call.signal.aborted || progress.delegated.length === 0) throw thrown
    return toolFault(toAetherError(thrown).message, context.nonce)
  }
}

/** The text that the model worded over results, made fit to go out. */
function finish(text: string, turn: Turn, progress: Progress): string {
  if (bindsToJson(turn)) return toFinalJson(text, turn)
  const checked = withCheckedNumbers(text, progress.delegated, [...progress.results, ...questionsOf(turn)])
  return checked.trim() === '' ? analysesOf(progress) : withoutLinks(checked)
}

const analysesOf = (progress: Progress) => progress.delegated.map((each) => each.text).join('\n\n')

/** What is said where the model left nothing that may be said. Without any word or result of it that is a fault. */
function instead(withheld: boolean, progress: Progress): string {
  if (withheld) return NO_FIGURES
  if (progress.results.length > 0) return NO_WORDS
  throw new AetherError(
    'LLM_UNAVAILABLE',
    'The language model gave an empty answer. Try again, or use another model.',
  )
}

/** What a text without analysis may repeat: the conversation, and what is known of the home beforehand. */
const sourcesOf = (turn: Turn, info: HomeInfo) => [
  ...turn.messages.map((message) => message.content),
  JSON.stringify(info),
]

const questionsOf = (turn: Turn) => turn.messages.filter((m) => m.role === 'user').map((m) => m.content)
