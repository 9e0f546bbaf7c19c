import type { LanguageModel, ModelCall, ModelChunk, ModelRequest, ToolCall } from './port.ts'

/** What a call cost, as the usage event has it. */
export type ModelUsage = Omit<Extract<ModelChunk, { kind: 'usage' }>, 'kind'>

export interface Completion {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly usage: ModelUsage
}

/** Collects a whole answer. Errors are those of `LanguageModel.stream`. */
export async function complete(
  model: LanguageModel,
  request: ModelRequest,
  call: ModelCall,
): Promise<Completion> {
  let text = ''
  const toolCalls: ToolCall[] = []
  let usage: ModelUsage = { model: model.name, promptTokens: 0, completionTokens: 0, totalTokens: 0 }
  for await (const chunk of model.stream(request, call)) {
    if (chunk.kind === 'text') text += chunk.delta
    else if (chunk.kind === 'tool_call') toolCalls.push(chunk.call)
    else if (chunk.kind === 'usage') {
      const { kind: _kind, ...counts } = chunk
      usage = counts
    }
  }
  return { text, toolCalls, usage }
}

/** Collects the text of an answer, with what it cost. */
export async function completeText(
  model: LanguageModel,
  request: ModelRequest,
  call: ModelCall,
): Promise<{ text: string; usage: ModelUsage }> {
  const { text, usage } = await complete(model, request, call)
  return { text, usage }
}

export interface ToolReply {
  /** Tool that the model called, or null when it called none. */
  readonly name: string | null
  /** Parsed JSON, still to be checked; null when there is none or it does not parse. */
  readonly arguments: unknown | null
  readonly text: string
  readonly usage: ModelUsage
}

/** Collects the first call of `requiredTool` (or of any tool offered, where none is required). */
export async function completeTool(
  model: LanguageModel,
  request: ModelRequest,
  call: ModelCall,
): Promise<ToolReply> {
  const { text, toolCalls, usage } = await complete(model, request, call)
  const wanted = toolCalls.find((each) => !request.requiredTool || each.name === request.requiredTool)
  return {
    name: wanted?.name ?? null,
    arguments: wanted ? parseArguments(wanted.arguments) : null,
    text,
    usage,
  }
}

/** The arguments of a tool call as JSON, or null when the model wrote something else. */
export function parseArguments(text: string): unknown | null {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text)
  } catch {
    return null // a model's slip, which every caller meets with its own default
  }
}
