import type { LanguageModel, ModelCall, ModelChunk, ModelRequest, ToolCall } from '../llm/port.ts'
import type { Steps } from './step-log.ts'

/** What is kept of a call: its reasoning is gone, and its tokens have been counted. */
interface Kept {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
}

/** The model whose finished calls are not made again: what they answered is given once more, and costs nothing. */
export function steppedModel(model: LanguageModel, steps: Steps): LanguageModel {
  return {
    offline: model.offline,
    name: model.name,
    resolve: (name, signal) => model.resolve(name, signal),
    stream: (request, call) => stream(model, steps, request, call),
  }
}

async function* stream(
  model: LanguageModel,
  steps: Steps,
  request: ModelRequest,
  call: ModelCall,
): AsyncGenerator<ModelChunk, void, undefined> {
  const name = `model ${request.purpose}`
  const before = await steps.next(name)
  if (before) {
    const { text, toolCalls } = before.output as Kept
    if (text !== '') yield { kind: 'text', delta: text }
    for (const each of toolCalls) yield { kind: 'tool_call', call: each }
    return
  }
  let text = ''
  const toolCalls: ToolCall[] = []
  for await (const chunk of model.stream(request, call)) {
    if (chunk.kind === 'text') text += chunk.delta
    else if (chunk.kind === 'tool_call') toolCalls.push(chunk.call)
    yield chunk
  }
  await steps.done(name, { text, toolCalls } satisfies Kept)
}
