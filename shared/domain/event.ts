import type { FactorName, Finding } from './finding.ts'
import type { AnalystName, ServiceName } from './names.ts'

/** Everything an agent can say while it works. Offsets count UTF-16 units of the answer's text. */
export type AgentEventBody =
  | { readonly kind: 'status'; readonly text: string; readonly step?: string }
  | {
      readonly kind: 'delegation'
      readonly from: ServiceName
      readonly to: ServiceName
      readonly reason: string
      readonly analysts?: readonly AnalystName[]
    }
  | { readonly kind: 'text'; readonly delta: string; readonly offset: number }
  | { readonly kind: 'reasoning'; readonly delta: string }
  | { readonly kind: 'finding'; readonly analysisId: string; readonly finding: Finding }
  | {
      readonly kind: 'attempt'
      readonly analysisId: string
      readonly number: number
      readonly confidence: number
      readonly weakest: FactorName | null
      readonly changes: readonly string[]
    }
  | {
      readonly kind: 'artifact'
      readonly id: string
      readonly mediaType: string
      readonly title: string
      readonly url: string
    }
  | { readonly kind: 'proposal'; readonly id: string; readonly title: string; readonly hash: string }
  | { readonly kind: 'clarify'; readonly question: string; readonly options: readonly string[] }
  | {
      readonly kind: 'usage'
      readonly service: ServiceName
      readonly model: string
      readonly promptTokens: number
      readonly completionTokens: number
      readonly totalTokens: number
    }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly retryable: boolean }
  | { readonly kind: 'result'; readonly text: string; readonly analysisIds: readonly string[] }

/** An event with the service that it came from; absent means the service that yields it. */
export type AgentEvent = AgentEventBody & { readonly origin?: ServiceName }

/** A typed result for the caller, which travels as an A2A artifact and never on a chat stream. */
export interface AgentOutput {
  readonly kind: 'output'
  /** Such as `aether.analysis-result/v1`. */
  readonly schema: string
  /** Plain JSON with snake_case keys (see `toWire`). */
  readonly data: Readonly<Record<string, unknown>>
}

/** What an agent generator yields. */
export type AgentYield = AgentEvent | AgentOutput

/** Ends an exhaustive switch: a new kind that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`unhandled kind: ${JSON.stringify(value)}`)
}
