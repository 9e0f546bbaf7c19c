/** What a call is for: the offline model answers by it, traces name it. */
export type Purpose = 'route' | 'converse' | 'select' | 'script' | 'synthesise' | 'utility'

export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON text as the model wrote it; parse and check before use. */
  readonly arguments: string
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string }

export interface ToolSpec {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ModelRequest {
  readonly purpose: Purpose
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly ToolSpec[]
  /** Name of a tool that must be called. */
  readonly requiredTool?: string
  /** Model to use; null for the configured one. */
  readonly model: string | null
  readonly maxTokens?: number
  readonly responseFormat?: { readonly type: string; readonly [key: string]: unknown }
}

export interface ModelCall {
  readonly signal: AbortSignal
  /** By the steady clock; the call ends before it whatever happens. */
  readonly deadline: number
}

export type ModelChunk =
  | { readonly kind: 'text'; readonly delta: string }
  | { readonly kind: 'reasoning'; readonly delta: string }
  | { readonly kind: 'tool_call'; readonly call: ToolCall }
  | {
      readonly kind: 'usage'
      readonly model: string
      readonly promptTokens: number
      readonly completionTokens: number
      readonly totalTokens: number
    }

/**
 * A language model. Streams chunks; a tool call comes whole. Ends only after the provider said that it is finished:
 * a cut, stalled or failed answer throws `LLM_UNAVAILABLE`, an abort the signal's reason. Retried only before the
 * first byte.
 */
export interface LanguageModel {
  stream(request: ModelRequest, call: ModelCall): AsyncIterable<ModelChunk>
  /** Model that answers when this name is asked for: itself where the provider has it, else the configured one. */
  resolve(name: string | null, signal: AbortSignal): Promise<string>
  readonly offline: boolean
  /** The model that answers where none is asked for. */
  readonly name: string
}
