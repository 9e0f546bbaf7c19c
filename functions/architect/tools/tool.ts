import type { Analysis } from '../../../shared/domain/analysis.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { HomeInfo } from '../../../shared/domain/home.ts'
import type { CallContext, Turn } from '../../../shared/domain/turn.ts'
import type { ToolSpec } from '../../../shared/llm/port.ts'
import type { AgentDeps } from '../deps.ts'

/** What every tool of a turn can reach. */
export interface ToolContext {
  readonly turn: Turn
  readonly info: HomeInfo
  readonly deps: AgentDeps
  readonly call: CallContext
  /** Goes with every data block of this request. */
  readonly nonce: string
  /** Makes the message ids of delegated calls differ. */
  readonly number: number
  /** True when the tool is all that the model called: its answer may then be the turn's answer. */
  readonly alone: boolean
}

export interface ToolOutcome {
  /** What the model reads: a data block. */
  readonly content: string
  /** Set when an analysis was made. */
  readonly delegated?: Delegated
}

/** What came back from ds_orchestrator. */
export interface Delegated {
  readonly text: string
  readonly analysisIds: readonly string[]
  readonly analysis: Analysis | null
}

/** One tool of the architect: what the model is told, and what it does. Arguments are checked inside. */
export interface Tool {
  readonly spec: ToolSpec
  /** Counts as a delegation. */
  readonly delegates: boolean
  run(args: unknown, context: ToolContext): AsyncGenerator<AgentYield, ToolOutcome>
}
