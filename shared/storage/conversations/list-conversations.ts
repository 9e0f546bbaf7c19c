import { and, desc, eq, lt } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { conversations } from '../schema/conversations.ts'

/** An owner's conversations, the latest first; `before` is the id of the last one of the page before. */
export async function listConversations(
  db: DbOrTx,
  input: { owner: string; limit: number; before: string | null },
) {
  const older = input.before === null ? undefined : lt(conversations.id, input.before)
  return db
    .select()
    .from(conversations)
    .where(and(eq(conversations.owner, input.owner), older))
    .orderBy(desc(conversations.id))
    .limit(input.limit)
}
