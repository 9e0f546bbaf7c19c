import type { AgentYield } from '../../../shared/domain/event.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'

/**
 * Passes on what an agent yields, and has it stopped once it has used more tokens than its key had left (null: any
 * number): what was found until then can still be the answer.
 */
export async function* withinBudget(
  source: AsyncIterable<AgentYield>,
  tokensLeft: number | null,
  stop: (error: AetherError) => void,
): AsyncGenerator<AgentYield> {
  let left = tokensLeft ?? Infinity
  for await (const item of source) {
    yield item
    if (item.kind !== 'usage') continue
    left -= item.totalTokens
    if (left < 0) stop(new AetherError('BUDGET_EXHAUSTED'))
  }
}
