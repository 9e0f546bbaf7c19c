import type { Context } from 'hono'
import * as v from 'valibot'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { readJson } from '../../../shared/http/body.ts'
import { giveFeedback } from '../../../shared/storage/feedback/give-feedback.ts'
import type { GatewayContext } from '../deps.ts'
import { pathId } from './path-id.ts'

const MAX_COMMENT = 2_000

const Body = v.object({
  rating: v.picklist(['up', 'down'], 'must be up or down'),
  comment: v.nullish(
    v.pipe(
      v.string('must be a string'),
      v.trim(),
      v.maxLength(MAX_COMMENT, `must have at most ${MAX_COMMENT} characters`),
    ),
  ),
})

/** `POST /runs/{id}/feedback {rating, comment?}`: kept with the run, and passed on to its trace. */
export async function feedback(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const checked = v.safeParse(Body, await readJson(c))
  if (!checked.success) {
    const [issue] = checked.issues
    const param = issue.path ? String(issue.path[0].key) : 'body'
    const reason = issue.path ? issue.message : 'must be an object'
    throw new AetherError('INVALID_INPUT', `${param} ${reason}.`, { details: { param } })
  }
  const { rating, comment } = checked.output
  const given = { runId: pathId(c), rating, comment: comment || null, at: new Date(ctx.now()) }
  await ctx.store(() => giveFeedback(ctx.db, { ...given, owner: c.get('actor').id }))
  ctx.waitUntil(ctx.courier.deliver())
  const { runId, at } = given
  return c.json({ run_id: runId, rating, comment: given.comment, created_at: at.toISOString() })
}
