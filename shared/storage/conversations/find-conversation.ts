import { and, desc, eq, inArray, max } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { conversationHeads, conversations } from '../schema/conversations.ts'
import { runs } from '../schema/runs.ts'

/** What a request tells about its conversation. */
export interface ConversationKey {
  /** An id of ours, as an earlier answer named it. */
  readonly id: string | null
  /** What the client calls it, with the place it was read from. */
  readonly clientId: string | null
  /** Hashes over all messages up to and including each answer, the longest first. */
  readonly heads: readonly string[]
}

/**
 * The conversation that a request goes on with, or null: then it opens one. An id of ours that is not the owner's is
 * NOT_FOUND. Where several conversations read alike up to here, only one that nobody has gone on with is taken: two
 * clients with the same opening never share a conversation.
 */
export async function findConversation(
  tx: DbOrTx,
  input: { owner: string; key: ConversationKey },
): Promise<string | null> {
  const { owner, key } = input
  if (key.id !== null) {
    const found = await one(tx, and(eq(conversations.owner, owner), eq(conversations.id, key.id)))
    if (found === null)
      throw new AetherError('NOT_FOUND', 'There is no such conversation.', {
        details: { param: 'conversation_id' },
      })
    return found
  }
  if (key.clientId !== null)
    return one(tx, and(eq(conversations.owner, owner), eq(conversations.clientId, key.clientId)))
  return key.heads.length === 0 ? null : byHead(tx, owner, key.heads)
}

async function one(tx: DbOrTx, where: ReturnType<typeof and>): Promise<string | null> {
  const [row] = await tx.select({ id: conversations.id }).from(conversations).where(where)
  return row?.id ?? null
}

async function byHead(tx: DbOrTx, owner: string, heads: readonly string[]): Promise<string | null> {
  const rows = await tx
    .select()
    .from(conversationHeads)
    .where(and(eq(conversationHeads.owner, owner), inArray(conversationHeads.hash, [...heads])))
    .orderBy(desc(conversationHeads.createdAt))
  for (const head of heads) {
    const candidates = rows.filter((row) => row.hash === head)
    if (candidates.length === 1) return candidates[0]?.conversationId ?? null
    if (candidates.length > 1) return idle(tx, candidates)
  }
  return null
}

/**
 * The newest candidate whose last run is the one that made this head: of dialogues that read alike, an old one that
 * somebody has left is the least likely to be gone on with.
 */
async function idle(
  tx: DbOrTx,
  candidates: readonly { conversationId: string; createdAt: Date }[],
): Promise<string | null> {
  const ids = candidates.map((c) => c.conversationId)
  const latest = await tx
    .select({ id: runs.conversationId, at: max(runs.createdAt) })
    .from(runs)
    .where(inArray(runs.conversationId, ids))
    .groupBy(runs.conversationId)
  const lastRun = new Map(latest.map((row) => [row.id, row.at?.getTime() ?? 0]))
  const free = candidates.filter((c) => (lastRun.get(c.conversationId) ?? 0) <= c.createdAt.getTime())
  return free.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0]?.conversationId ?? null
}
