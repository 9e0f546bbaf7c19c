import { estimateTokens } from '../tokens.ts'
import type { OfflineReply } from './reply.ts'
import type { OfflineRequest } from './request.ts'

export interface CompletionFrame {
  readonly id: string
  /** Epoch seconds. */
  readonly created: number
  readonly model: string
  readonly newCallId: () => string
}

interface WireCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

/** The reply as one `chat.completion` object. */
export function toCompletion(request: OfflineRequest, reply: OfflineReply, frame: CompletionFrame) {
  const calls = wireCalls(reply, frame)
  return {
    id: frame.id,
    object: 'chat.completion',
    created: frame.created,
    model: frame.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.kind === 'text' ? reply.text : null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
        logprobs: null,
      },
    ],
    usage: usageOf(request, reply),
  }
}

/** The reply as the `data:` frames of a chunk stream, `[DONE]` included. */
export function* toChunkFrames(
  request: OfflineRequest,
  reply: OfflineReply,
  frame: CompletionFrame,
): Generator<string> {
  const head = { id: frame.id, object: 'chat.completion.chunk', created: frame.created, model: frame.model }
  const chunk = (delta: Record<string, unknown>, finish: string | null = null) =>
    sse({ ...head, choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] })

  yield chunk({ role: 'assistant', content: reply.kind === 'text' ? '' : null })
  const calls = wireCalls(reply, frame)
  for (const [index, call] of calls.entries()) {
    const { name, arguments: text } = call.function
    yield chunk({ tool_calls: [{ index, id: call.id, type: 'function', function: { name, arguments: '' } }] })
    for (const piece of pieces(text, 200))
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
  }
  if (reply.kind === 'text') for (const piece of pieces(reply.text, 24)) yield chunk({ content: piece })
  yield chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')
  if (request.includeUsage) yield sse({ ...head, choices: [], usage: usageOf(request, reply) })
  yield 'data: [DONE]\n\n'
}

const sse = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`

/** Cuts text into pieces of at least `size` characters that end at a space, so that no character is split. */
function pieces(text: string, size: number): string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${size}}\\S*\\s?`, 'gu')) ?? []
}

function wireCalls(reply: OfflineReply, frame: CompletionFrame): WireCall[] {
  if (reply.kind === 'text') return []
  return reply.calls.map((call) => ({
    id: frame.newCallId(),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }))
}

/** Plausible counts: four tokens a message and what its text is worth; the tools' schemas count with the prompt. */
function usageOf(request: OfflineRequest, reply: OfflineReply) {
  const prompt =
    3 +
    request.tools.length * 40 +
    request.messages.reduce(
      (sum, message) =>
        sum +
        4 +
        estimateTokens(message.content) +
        message.calls.reduce((n, c) => n + estimateTokens(c.arguments), 0),
      0,
    )
  const completion =
    reply.kind === 'text'
      ? Math.max(1, estimateTokens(reply.text))
      : reply.calls.reduce((n, call) => n + 8 + estimateTokens(JSON.stringify(call.arguments)), 0)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
