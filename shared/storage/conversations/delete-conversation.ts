import { and, eq } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import { deleteTasksOfRuns } from '../a2a-tasks/delete-tasks.ts'
import type { Db } from '../db.ts'
import { conversations } from '../schema/conversations.ts'
import { runs } from '../schema/runs.ts'

/**
 * Deletes a conversation of its owner with all that hangs on it: messages, runs, events, feedback, analyses, and the
 * agents' tasks; NOT_FOUND where there is none. Token counts stay.
 */
export async function deleteConversation(db: Db, input: { id: string; owner: string }): Promise<void> {
  const { id, owner } = input
  await db.transaction(async (tx) => {
    const ofIt = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(and(eq(runs.conversationId, id), eq(runs.owner, owner)))
    await deleteTasksOfRuns(tx, { owner, runIds: ofIt.map((run) => run.id) })
    const gone = await tx
      .delete(conversations)
      .where(and(eq(conversations.id, id), eq(conversations.owner, owner)))
      .returning({ id: conversations.id })
    if (gone.length === 0) throw new AetherError('NOT_FOUND')
  })
}
