import * as v from 'valibot'
import { HintsSchema } from '../../shared/a2a/hints-schema.ts'
import type { AgentInput } from '../../shared/a2a/input.ts'
import { NO_HINTS, type Turn } from '../../shared/domain/turn.ts'
import { fromWire } from '../../shared/domain/wire.ts'
import { invalidInput } from '../../shared/errors/invalid-input.ts'

const Id = v.pipe(v.string(), v.maxLength(200))
const TurnInput = v.object({
  runId: Id,
  conversationId: Id,
  messages: v.pipe(
    v.array(v.object({ role: v.picklist(['system', 'user', 'assistant']), content: v.string() })),
    v.minLength(1),
    v.maxLength(2_000),
  ),
  hints: HintsSchema,
})

/** Reads a call to the architect: our own `aether.turn/v1`, or the plain text of any other A2A client. */
export function readTurn(message: AgentInput): Turn {
  const data = message.data.get('aether.turn/v1')
  if (data === undefined) return fromText(message.text)
  const parsed = v.safeParse(TurnInput, fromWire(data))
  if (!parsed.success) throw invalidInput(parsed.issues, 'params.message.parts[].data')
  return parsed.output
}

function fromText(text: string): Turn {
  return {
    runId: '',
    conversationId: '',
    messages: [{ role: 'user', content: text }],
    hints: NO_HINTS,
  }
}
