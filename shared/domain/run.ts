/** States of a run. `interrupted` is not an end: the next process, or a retry, resumes it. */
export const RUN_STATES = [
  'queued',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
] as const
export type RunState = (typeof RUN_STATES)[number]

const MOVES: Record<RunState, readonly RunState[]> = {
  queued: ['running', 'failed', 'cancelled', 'interrupted'],
  running: ['running', 'waiting', 'completed', 'failed', 'cancelled', 'interrupted'],
  waiting: ['completed', 'failed', 'cancelled'],
  interrupted: ['running', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
}

/** True for a state that never changes again. */
export function isTerminal(state: RunState): boolean {
  return MOVES[state].length === 0
}

/** True when a run may go from one state to the other; `running` to `running` is a take-over of a lost lease. */
export function canMove(from: RunState, to: RunState): boolean {
  return MOVES[from].includes(to)
}

/** States from which a run may go to `to`: what a compare-and-set compares with. */
export function statesBefore(to: RunState): RunState[] {
  return RUN_STATES.filter((from) => canMove(from, to))
}

/** Token counts, summed over all agents of a run. */
export interface TokenUsage {
  readonly promptTokens: number
  readonly completionTokens: number
  readonly totalTokens: number
}

export const NO_USAGE: TokenUsage = { promptTokens: 0, completionTokens: 0, totalTokens: 0 }

/** The sum of two counts. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  }
}

/** An error as run, run event and answer carry it: `code` is the name of the wire. */
export interface RunError {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}
