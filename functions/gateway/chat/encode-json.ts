import { unreachable } from '../../../shared/domain/event.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { type ChunkHead, toOpenAIUsage } from './chunks.ts'
import type { AetherEvent, AnswerStep } from './encode-openai.ts'

/** The whole answer as one OpenAI completion, from the same steps as the stream. A failed run throws its error. */
export async function encodeJson(
  steps: AsyncIterable<AnswerStep>,
  options: ChunkHead & { events: boolean; about: Readonly<Record<string, unknown>> },
) {
  let reasoning = ''
  const events: AetherEvent[] = []
  for await (const step of steps) {
    switch (step.kind) {
      case 'text':
        break
      case 'reasoning':
        reasoning += step.text
        break
      case 'event':
        events.push(step.event)
        break
      case 'end':
        return {
          id: options.id,
          object: 'chat.completion',
          created: options.created,
          model: options.model,
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: step.answer,
                ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
              },
              finish_reason: 'stop',
            },
          ],
          usage: toOpenAIUsage(step.usage),
          aether: {
            ...options.about,
            analysis_ids: step.analysisIds,
            ...(options.events ? { events } : {}),
          },
        }
      case 'error':
        throw step.error
      default:
        unreachable(step)
    }
  }
  throw new AetherError('INTERNAL', undefined, { cause: 'answer without an end' })
}
