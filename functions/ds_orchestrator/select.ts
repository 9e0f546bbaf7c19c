import * as v from 'valibot'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { AnalysisQuestion, CallContext } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { completeTool } from '../../shared/llm/complete.ts'
import { dataBlock } from '../../shared/llm/data-block.ts'
import { focusFor } from '../../shared/llm/offline/focus.ts'
import { findTopics } from '../../shared/llm/offline/topics.ts'
import type { AgentDeps } from './deps.ts'
import { Selection } from './plan.ts'
import { SELECT_PROMPT, SELECT_TOOL } from './prompt.ts'

/** Asks the model who should work on the question; where its arguments name nobody, the words of the question decide. */
export async function* select(
  question: AnalysisQuestion,
  info: HomeInfo,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, Selection> {
  const nonce = deps.newId('call')
  const asked = {
    question: question.question,
    analysts: question.analysts,
    window: question.window,
    compare: question.compare,
  }
  const reply = await completeTool(
    deps.llm,
    {
      purpose: 'select',
      model: question.hints.model,
      tools: [SELECT_TOOL],
      requiredTool: SELECT_TOOL.name,
      messages: [
        { role: 'system', content: SELECT_PROMPT },
        {
          role: 'user',
          content: `${dataBlock('home', toWire(info), nonce)}\n${dataBlock('question', asked, nonce)}`,
        },
      ],
    },
    call,
  )
  yield { kind: 'usage', service: 'ds_orchestrator', ...reply.usage }
  const parsed = v.safeParse(Selection, reply.arguments)
  const chosen = parsed.success ? parsed.output : v.parse(Selection, {})
  return chosen.analysts.length > 0 ? chosen : { ...chosen, ...byRule(question) }
}

function byRule({ question, analysts }: AnalysisQuestion): Pick<Selection, 'analysts' | 'focus'> {
  const named = analysts ?? findTopics(question)?.analysts ?? ['energy']
  return { analysts: [...named], focus: focusFor(question, named) }
}
