import { and, inArray, lt, sql } from 'drizzle-orm'
import { SERVICES } from '../../domain/names.ts'
import type { DbOrTx } from '../runs/rows.ts'
import { a2aMessages, a2aTasks } from '../schema/a2a-tasks.ts'

/**
 * Deletes the tasks by which the agents worked on runs of an owner, ended or not: ids of their messages begin with the
 * run's. Gives how many.
 */
export async function deleteTasksOfRuns(
  db: DbOrTx,
  input: { readonly owner: string; readonly runIds: readonly string[] },
): Promise<number> {
  if (input.runIds.length === 0) return 0
  const runOf = sql<string>`split_part(${a2aMessages.message} ->> 'messageId', '.', 1)`
  const told = db
    .select({ id: a2aMessages.taskId })
    .from(a2aMessages)
    .where(and(inArray(a2aMessages.owner, ownersFor(input.owner)), inArray(runOf, [...input.runIds])))
  const gone = await db.delete(a2aTasks).where(inArray(a2aTasks.id, told)).returning({ id: a2aTasks.id })
  return gone.length
}

/** A task that one service asked another for in somebody's name is owned by both. */
function ownersFor(owner: string): string[] {
  return [owner, ...SERVICES.map((service) => `${service}:${owner}`)]
}

/** Deletes tasks of all services that ended before an instant, at most `limit`. Gives how many. */
export async function deleteTasksBefore(
  db: DbOrTx,
  input: { readonly before: Date; readonly limit: number },
): Promise<number> {
  const old = db
    .select({ id: a2aTasks.id })
    .from(a2aTasks)
    .where(lt(a2aTasks.endedAt, input.before))
    .limit(input.limit)
    .for('update', { skipLocked: true })
  const gone = await db.delete(a2aTasks).where(inArray(a2aTasks.id, old)).returning({ id: a2aTasks.id })
  return gone.length
}
