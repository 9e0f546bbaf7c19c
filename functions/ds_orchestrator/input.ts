import * as v from 'valibot'
import { HintsSchema } from '../../shared/a2a/hints-schema.ts'
import type { AgentInput } from '../../shared/a2a/input.ts'
import { ANALYSTS } from '../../shared/domain/names.ts'
import { type AnalysisQuestion, NO_HINTS } from '../../shared/domain/turn.ts'
import { fromWire } from '../../shared/domain/wire.ts'
import { invalidInput } from '../../shared/errors/invalid-input.ts'

/** Empty for a caller without a run or a conversation, such as an outside agent. */
const Id = v.pipe(v.string(), v.maxLength(200))
const Dates = v.nullable(
  v.object({ start: v.pipe(v.string(), v.isoDate()), end: v.pipe(v.string(), v.isoDate()) }),
)

const Question = v.object({
  runId: Id,
  conversationId: Id,
  question: v.pipe(v.string(), v.maxLength(65_536)),
  analysts: v.nullable(v.array(v.picklist(ANALYSTS))),
  window: Dates,
  compare: Dates,
  hints: HintsSchema,
})

/** Reads a call to ds_orchestrator: our own `aether.question/v1`, or the plain text of any other A2A client. */
export function readQuestion(message: AgentInput): AnalysisQuestion {
  const data = message.data.get('aether.question/v1')
  if (data === undefined) return fromText(message.text)
  const parsed = v.safeParse(Question, fromWire(data))
  if (!parsed.success) throw invalidInput(parsed.issues, 'params.message.parts[].data')
  return parsed.output
}

function fromText(text: string): AnalysisQuestion {
  return {
    runId: '',
    conversationId: '',
    question: text,
    analysts: null,
    window: null,
    compare: null,
    hints: NO_HINTS,
  }
}
