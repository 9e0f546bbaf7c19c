import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { RunState } from '../../domain/run.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { runs } from '../schema/runs.ts'
import type { DbOrTx, RunRow } from './rows.ts'

/** A run of its owner; NOT_FOUND where there is none or it is somebody else's. */
export async function readRun(db: DbOrTx, input: { runId: string; owner: string }): Promise<RunRow> {
  const [run] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.id, input.runId), eq(runs.owner, input.owner)))
  if (run === undefined) throw new AetherError('NOT_FOUND')
  return run
}

/** How many runs there are in each state, all owners together. */
export async function countRuns(db: DbOrTx): Promise<{ state: RunState; count: number }[]> {
  return db.select({ state: runs.state, count: sql<number>`count(*)::int` }).from(runs).groupBy(runs.state)
}

/** How many runs of an owner are at work or about to be. */
export async function countOpenRuns(db: DbOrTx, input: { owner: string }): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(runs)
    .where(and(eq(runs.owner, input.owner), inArray(runs.state, ['queued', 'running'])))
  return row?.count ?? 0
}

/** The state of a run, whoever owns it; null where there is none. For those who have checked the owner. */
export async function runState(db: DbOrTx, input: { runId: string }): Promise<RunState | null> {
  const [row] = await db.select({ state: runs.state }).from(runs).where(eq(runs.id, input.runId))
  return row?.state ?? null
}

/** Runs of a conversation of its owner that have not ended. */
export async function listOpenRuns(
  db: DbOrTx,
  input: { owner: string; conversationId: string },
): Promise<{ id: string }[]> {
  return db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.owner, input.owner),
        eq(runs.conversationId, input.conversationId),
        notInArray(runs.state, ['completed', 'failed', 'cancelled']),
      ),
    )
}
