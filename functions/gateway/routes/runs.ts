import type { Context } from 'hono'
import { isTerminal } from '../../../shared/domain/run.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { readRun as readStoredRun } from '../../../shared/storage/runs/read-run.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { toOpenAIUsage } from '../chat/chunks.ts'
import type { GatewayContext } from '../deps.ts'
import { encodeEvents } from '../runs/encode-events.ts'
import { pathId } from './path-id.ts'
import { streamResponse } from './stream-response.ts'

/** A run as clients see it; usage and answer are there once it has ended. */
export function toRunJson(run: RunRow) {
  return {
    id: run.id,
    state: run.state,
    conversation_id: run.conversationId,
    analysis_ids: run.analysisIds,
    answer: run.answer,
    usage: isTerminal(run.state) ? toOpenAIUsage(run) : null,
    error: run.error,
    created_at: run.createdAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
  }
}

/** `GET /runs/{id}`. */
export async function readRun(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  return c.json(toRunJson(await own(c, ctx)))
}

/** `GET /runs/{id}/events?after=`: replays, then goes live, to the event that ends the run. */
export async function readRunEvents(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const after = afterOf(c)
  const run = await own(c, ctx)
  const gone = new AbortController()
  const frames = encodeEvents(ctx.feed.follow(run.id, after, gone.signal), ctx.now)
  return streamResponse(c, frames, ctx, () => gone.abort())
}

/** `POST /runs/{id}/cancel`: 409 for a run that has ended otherwise. */
export async function cancelRun(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const input = { runId: pathId(c), owner: c.get('actor').id }
  return c.json(toRunJson(await ctx.store(() => ctx.runs.cancel(input))))
}

function own(c: Context<AppEnv>, ctx: GatewayContext): Promise<RunRow> {
  const input = { runId: pathId(c), owner: c.get('actor').id }
  return ctx.store(() => readStoredRun(ctx.db, input))
}

/** The seq after which to read: `Last-Event-ID`, which a reconnecting browser sends, is newer than its URL. */
function afterOf(c: Context<AppEnv>): number {
  const header = c.req.header('last-event-id')
  const text = header ?? c.req.query('after') ?? '0'
  const param = header === undefined ? 'after' : 'Last-Event-ID'
  if (!/^\d{1,15}$/.test(text))
    throw new AetherError('INVALID_INPUT', `${param} must be the seq of an event.`, { details: { param } })
  return Number(text)
}
