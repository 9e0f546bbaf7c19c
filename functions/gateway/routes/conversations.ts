import type { Context } from 'hono'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { deleteConversation } from '../../../shared/storage/conversations/delete-conversation.ts'
import { listConversations as listStored } from '../../../shared/storage/conversations/list-conversations.ts'
import { readConversation as readStored } from '../../../shared/storage/conversations/read-conversation.ts'
import { listOpenRuns } from '../../../shared/storage/runs/read-run.ts'
import type { GatewayContext } from '../deps.ts'
import { pathId } from './path-id.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

interface ConversationRow {
  readonly id: string
  readonly title: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

const toJson = (row: ConversationRow) => ({
  id: row.id,
  title: row.title,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
})

/** `GET /conversations?limit=&before=`: the caller's, the newest first. */
export async function listConversations(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const limit = limitOf(c.req.query('limit'))
  const before = beforeOf(c.req.query('before'))
  const rows = await ctx.store(() =>
    listStored(ctx.db, { owner: c.get('actor').id, limit: limit + 1, before }),
  )
  return c.json({ object: 'list', data: rows.slice(0, limit).map(toJson), has_more: rows.length > limit })
}

/** `GET /conversations/{id}` with its messages and runs. */
export async function readConversation(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const input = { id: pathId(c), owner: c.get('actor').id }
  const { conversation, messages, runs } = await ctx.store(() => readStored(ctx.db, input))
  return c.json({
    ...toJson(conversation),
    messages: messages.map((message) => ({
      id: message.id,
      role: message.role,
      content: message.content,
      run_id: message.runId,
      created_at: message.createdAt.toISOString(),
    })),
    runs: runs.map((run) => ({ id: run.id, state: run.state, created_at: run.createdAt.toISOString() })),
  })
}

/** `DELETE /conversations/{id}`: cancels what still runs in it, then deletes it with all that hangs on it. */
export async function removeConversation(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const input = { id: pathId(c), owner: c.get('actor').id }
  await ctx.store(async () => {
    for (const run of await listOpenRuns(ctx.db, { owner: input.owner, conversationId: input.id }))
      await ctx.runs.cancel({ runId: run.id, owner: input.owner }).catch(unlessEnded)
    await deleteConversation(ctx.db, input)
  })
  return c.json({ id: input.id, object: 'conversation', deleted: true })
}

/** A run that has ended in between needs no cancelling. */
function unlessEnded(thrown: unknown): void {
  if (!(thrown instanceof AetherError && thrown.code === 'CONFLICT')) throw thrown
}

function beforeOf(text: string | undefined): string | null {
  if (text === undefined || /^conv_[0-9a-z]{1,64}$/.test(text)) return text ?? null
  throw new AetherError('INVALID_INPUT', 'before must be the id of a conversation.', {
    details: { param: 'before' },
  })
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new AetherError('INVALID_INPUT', `limit must be a whole number from 1 to ${MAX_LIMIT}.`, {
      details: { param: 'limit' },
    })
  return limit
}
