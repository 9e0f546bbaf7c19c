import { toWire } from '../../../shared/domain/wire.ts'
import type { AnswerStep } from './encode-openai.ts'

/** Passes the steps of an answer on, and puts how it ended and its tokens into the request's log line. */
export async function* noteEnd(
  steps: AsyncIterable<AnswerStep>,
  fields: Record<string, unknown>,
): AsyncGenerator<AnswerStep> {
  for await (const step of steps) {
    if (step.kind === 'end') Object.assign(fields, { outcome: 'answered', ...toWire(step.usage) })
    if (step.kind === 'error') Object.assign(fields, { outcome: 'failed', code: step.error.code })
    yield step
  }
}
