import type { Context } from 'hono'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { holdsScope } from '../../../shared/http/auth.ts'
import { costOf } from '../../../shared/llm/prices.ts'
import { listUsage } from '../../../shared/storage/usage/list-usage.ts'
import type { GatewayContext } from '../deps.ts'

const DAY_MS = 86_400_000
/** Days that are told where none are asked for, and at most. */
const DAYS = 30
const MOST_DAYS = 400

/**
 * `GET /usage?from=YYYY-MM-DD&to=YYYY-MM-DD`: tokens and cost by day (UTC, `to` included), key, agent and model. A key
 * with all scopes sees every key's, another its own.
 */
export async function usage(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const today = Math.floor(ctx.now() / DAY_MS) * DAY_MS
  const last = dayOf(c, 'to') ?? today
  const first = dayOf(c, 'from') ?? last - (DAYS - 1) * DAY_MS
  if (first > last) refuse('from', 'must not be after to')
  if (last - first >= MOST_DAYS * DAY_MS) refuse('from', `must be less than ${MOST_DAYS} days before to`)
  const actor = c.get('actor')
  const owner = holdsScope(actor, '*') ? null : actor.id
  const lines = await ctx.store(() =>
    listUsage(ctx.db, { owner, start: new Date(first), end: new Date(last + DAY_MS) }),
  )
  const rows = lines.map((line) => ({
    day: line.day,
    key_id: line.owner,
    service: line.service,
    model: line.model,
    calls: line.calls,
    runs: line.runs,
    prompt_tokens: line.promptTokens,
    completion_tokens: line.completionTokens,
    total_tokens: line.totalTokens,
    cost_usd: costOf(ctx.prices, line.model, line)?.total ?? null,
  }))
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
  return c.json({
    from: toDay(first),
    to: toDay(last),
    tokens_per_day: actor.tokensPerDay ?? null,
    total: {
      calls: sum((row) => row.calls),
      prompt_tokens: sum((row) => row.prompt_tokens),
      completion_tokens: sum((row) => row.completion_tokens),
      total_tokens: sum((row) => row.total_tokens),
      // Models without a known price are left out: then the sum is a lower bound, and rows with null say so.
      cost_usd: rows.some((row) => row.cost_usd !== null) ? sum((row) => row.cost_usd ?? 0) : null,
    },
    rows,
  })
}

const toDay = (at: number) => new Date(at).toISOString().slice(0, 10)

function dayOf(c: Context<AppEnv>, param: 'from' | 'to'): number | null {
  const text = c.req.query(param)
  if (text === undefined) return null
  const at = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at) || toDay(at) !== text)
    refuse(param, 'must be a day such as 2026-11-24')
  return at
}

function refuse(param: string, reason: string): never {
  throw new AetherError('INVALID_INPUT', `${param} ${reason}.`, { details: { param } })
}
