import { and, asc, eq } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { conversations, messages } from '../schema/conversations.ts'
import { runs } from '../schema/runs.ts'

/** A conversation of its owner with its messages in order and its runs; NOT_FOUND where there is none. */
export async function readConversation(db: DbOrTx, input: { id: string; owner: string }) {
  const [conversation] = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.id, input.id), eq(conversations.owner, input.owner)))
  if (conversation === undefined) throw new AetherError('NOT_FOUND')
  const said = await db
    .select()
    .from(messages)
    .where(eq(messages.conversationId, input.id))
    .orderBy(asc(messages.position))
  const its = await db
    .select({ id: runs.id, state: runs.state, createdAt: runs.createdAt })
    .from(runs)
    .where(eq(runs.conversationId, input.id))
    .orderBy(asc(runs.createdAt))
  return { conversation, messages: said, runs: its }
}
