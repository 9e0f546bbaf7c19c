import * as v from 'valibot'
import type { AgentYield } from '../../shared/domain/event.ts'
import { ANALYSTS, type AnalystName, isAnalyst } from '../../shared/domain/names.ts'
import type { CallContext, Turn } from '../../shared/domain/turn.ts'
import { completeTool } from '../../shared/llm/complete.ts'
import { withoutBlocks } from '../../shared/llm/data-block.ts'
import type { OrchestratorDeps } from './deps.ts'
import { ROUTE_PROMPT, ROUTE_TOOLS } from './prompt.ts'

/** Who answers, or what to ask back. */
export type Decision =
  | { readonly kind: 'route'; readonly analyst: AnalystName | null; readonly reason: string }
  | { readonly kind: 'clarify'; readonly question: string; readonly options: readonly string[] }

const Line = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(400))
const Route = v.object({
  agent: v.picklist(['architect', ...ANALYSTS]),
  reason: v.fallback(Line, 'a question about the home'),
})
const Clarify = v.object({
  question: Line,
  options: v.fallback(v.pipe(v.array(Line), v.maxLength(6)), []),
})

/** Messages that the decision looks at, and characters of each. */
const MOST_MESSAGES = 8
const MOST_CHARACTERS = 2_000
const DEFAULT: Decision = { kind: 'route', analyst: null, reason: 'a question about the home' }

/** Asks the model who answers. Whatever it gets wrong goes to the architect, who can do everything. */
export async function* decide(
  turn: Turn,
  deps: OrchestratorDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, Decision> {
  const talk = turn.messages.filter((message) => message.role !== 'system').slice(-MOST_MESSAGES)
  const reply = await completeTool(
    deps.llm,
    {
      purpose: 'route',
      model: turn.hints.model,
      tools: ROUTE_TOOLS,
      messages: [
        { role: 'system', content: ROUTE_PROMPT },
        ...talk.map(({ role, content }) => ({
          role: role === 'assistant' ? ('assistant' as const) : ('user' as const),
          content: withoutBlocks(content).slice(-MOST_CHARACTERS),
        })),
      ],
    },
    call,
  )
  yield { kind: 'usage', service: 'orchestrator', ...reply.usage }
  if (reply.name === 'clarify') {
    const parsed = v.safeParse(Clarify, reply.arguments)
    return parsed.success ? { kind: 'clarify', ...parsed.output } : DEFAULT
  }
  const parsed = v.safeParse(Route, reply.arguments)
  if (reply.name !== 'route' || !parsed.success) return DEFAULT
  const { agent, reason } = parsed.output
  return { kind: 'route', analyst: isAnalyst(agent) ? agent : null, reason }
}
