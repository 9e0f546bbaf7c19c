import { and, eq } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { conversations } from '../schema/conversations.ts'

/** Deletes a conversation of its owner with its messages, runs and events; NOT_FOUND where there is none. */
export async function deleteConversation(db: DbOrTx, input: { id: string; owner: string }): Promise<void> {
  const gone = await db
    .delete(conversations)
    .where(and(eq(conversations.id, input.id), eq(conversations.owner, input.owner)))
    .returning({ id: conversations.id })
  if (gone.length === 0) throw new AetherError('NOT_FOUND')
}
