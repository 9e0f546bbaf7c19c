import type { AgentYield } from '../../../shared/domain/event.ts'
import { type CallContext, NO_HINTS, type Turn } from '../../../shared/domain/turn.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { checkBudget } from '../../../shared/storage/usage/check-budget.ts'
import { recordUsage } from '../../../shared/storage/usage/record-usage.ts'
import type { GatewayContext } from '../deps.ts'
import { callAgent } from '../runs/call-agent.ts'
import { withinBudget } from '../runs/within-budget.ts'

type TeamContext = Pick<
  GatewayContext,
  'architect' | 'orchestrate' | 'db' | 'store' | 'now' | 'log' | 'draining' | 'limits' | 'budgetOf'
>

/** The whole team as one agent for callers from outside, without a conversation or a run. */
export interface Team {
  run(question: string, call: CallContext): AsyncGenerator<AgentYield>
  /** Ends what is still at work. */
  stop(): void
}

/**
 * Answers as `auto` does. Each finding is yielded as an output `aether.finding/v1` too (`{analysis_id, finding}`), so
 * that it becomes an artifact which any A2A client can read. Throws RATE_LIMITED over the key's share of work, and
 * BUDGET_EXHAUSTED over its tokens.
 */
export function createTeam(ctx: TeamContext): Team {
  const working = new Map<string, number>()
  const stopping = new AbortController()

  async function* run(question: string, call: CallContext): AsyncGenerator<AgentYield> {
    if (ctx.draining()) throw new AetherError('SERVER_SHUTDOWN')
    const open = working.get(call.user) ?? 0
    if (open >= ctx.limits.concurrentRuns)
      throw new AetherError('RATE_LIMITED', undefined, { details: { retryAfterS: 5 } })
    const tokensLeft = await ctx.store(async () =>
      checkBudget(ctx.db, {
        owner: call.user,
        perDay: await ctx.budgetOf(call.user),
        at: new Date(ctx.now()),
      }),
    )
    working.set(call.user, open + 1)
    const spent = new AbortController()
    const signal = AbortSignal.any([call.signal, stopping.signal, spent.signal])
    try {
      const items = callAgent('auto', toTurn(question), ctx, { ...call, signal })
      for await (const item of withinBudget(items, tokensLeft, (error) => spent.abort(error))) {
        yield item
        if (item.kind === 'finding') {
          const { analysisId, finding } = item
          yield { kind: 'output', schema: 'aether.finding/v1', data: toWire({ analysisId, finding }) }
        }
        if (item.kind === 'usage') await count(item, call.user)
      }
    } finally {
      const left = (working.get(call.user) ?? 1) - 1
      if (left === 0) working.delete(call.user)
      else working.set(call.user, left)
    }
  }

  /** Tokens that cannot be counted are no reason to lose the answer. */
  async function count(item: Extract<AgentYield, { kind: 'usage' }>, owner: string): Promise<void> {
    const { service, model, promptTokens, completionTokens, totalTokens } = item
    const row = { owner, runId: null, service, model, promptTokens, completionTokens, totalTokens }
    try {
      await ctx.store(() => recordUsage(ctx.db, { ...row, at: new Date(ctx.now()) }))
    } catch (error) {
      ctx.log.warn('usage was not recorded', { error })
    }
  }

  return { run, stop: () => stopping.abort(new AetherError('SERVER_SHUTDOWN')) }
}

function toTurn(question: string): Turn {
  return {
    runId: '',
    conversationId: '',
    messages: [{ role: 'user', content: question }],
    hints: NO_HINTS,
  }
}
