import type { AnalystName } from './names.ts'

/** A chat message after clean-up: text only. Tool traffic of the client's own is kept as text. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What the client asked for beside its question. */
export interface TurnHints {
  /** Set when the client addressed an analyst: the delegation is then fixed. */
  readonly analysts: readonly AnalystName[] | null
  /** Language model to use, already resolved; null for the configured one. */
  readonly model: string | null
  /** Wished length of the final answer, in tokens. */
  readonly maxTokens: number | null
  /** OpenAI `response_format` that binds the final message, or null. */
  readonly responseFormat: { readonly type: string; readonly [key: string]: unknown } | null
  /** Voice clients want at most two sentences. */
  readonly brief: boolean
}

/** The hints of a caller that gives none. */
export const NO_HINTS: TurnHints = {
  analysts: null,
  model: null,
  maxTokens: null,
  responseFormat: null,
  brief: false,
}

/** What an agent is given (`aether.turn/v1`): the conversation so far, ending in the user's question. */
export interface Turn {
  readonly runId: string
  readonly conversationId: string
  readonly messages: readonly ChatMessage[]
  readonly hints: TurnHints
}

/** A question that the architect hands to the data-science team (`aether.question/v1`): self-contained. */
export interface AnalysisQuestion {
  readonly runId: string
  readonly conversationId: string
  readonly question: string
  readonly analysts: readonly AnalystName[] | null
  /** Local dates in the home's zone, `end` inclusive, as the question means them; null where it names none. */
  readonly window: LocalDates | null
  readonly compare: LocalDates | null
  readonly hints: TurnHints
}

/** A range of whole local days, both ends included, as `YYYY-MM-DD`. */
export interface LocalDates {
  readonly start: string
  readonly end: string
}

/** What travels with every call from agent to agent, outside the message. */
export interface CallContext {
  /** The person on whose behalf the call is made. */
  readonly user: string
  /** Idempotency key of the call. */
  readonly messageId: string
  /** When nobody waits any more, in milliseconds of the process's steady clock (`steadyNow`). */
  readonly deadline: number
  readonly signal: AbortSignal
  /** W3C trace context of the caller's span. */
  readonly traceparent: string
}
