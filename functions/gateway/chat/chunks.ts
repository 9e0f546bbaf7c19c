import type { TokenUsage } from '../../../shared/domain/run.ts'
import type { AetherError } from '../../../shared/errors/aether-error.ts'
import { toOpenAI } from '../../../shared/errors/to-openai.ts'

/** What all chunks of one answer have in common; `created` is epoch seconds. */
export interface ChunkHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

/** Usage in OpenAI's shape. */
export function toOpenAIUsage(usage: TokenUsage) {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
  }
}

/** The end marker of every stream. */
export const DONE = 'data: [DONE]\n\n'

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** Writes the frames of an OpenAI stream (contract §2): nothing but these may appear on it. */
export function createChunks(head: ChunkHead) {
  const base = { id: head.id, object: 'chat.completion.chunk', created: head.created, model: head.model }
  const chunk = (delta: object, extra: object = {}, finish: 'stop' | null = null) =>
    frame({ ...base, choices: [{ index: 0, delta, finish_reason: finish }], ...extra })
  return {
    role: () => chunk({ role: 'assistant', content: '' }),
    content: (text: string) => chunk({ content: text }),
    reasoning: (text: string) => chunk({ reasoning_content: text }),
    /** An agent's event: an empty delta, so that every client's loop survives it. */
    aether: (event: object) => chunk({}, { aether: event }),
    /** Usage rides on the stop chunk, or comes alone and last when the client asked for it. */
    finish: (usage: TokenUsage, includeUsage: boolean) =>
      includeUsage
        ? chunk({}, {}, 'stop') + frame({ ...base, choices: [], usage: toOpenAIUsage(usage) })
        : chunk({}, { usage: toOpenAIUsage(usage) }, 'stop'),
    error: (error: AetherError) => frame(toOpenAI(error)),
  }
}
