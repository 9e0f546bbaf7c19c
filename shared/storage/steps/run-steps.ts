import { and, asc, eq } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { storableRecord } from '../runs/rows.ts'
import { runSteps } from '../schema/runs.ts'

export interface StepKey {
  readonly runId: string
  readonly scope: string
}

/** The finished steps of an agent's call, in their order, up to the first that is missing. */
export async function readSteps(db: DbOrTx, key: StepKey): Promise<{ name: string; output: unknown }[]> {
  const rows = await db
    .select({ position: runSteps.position, name: runSteps.name, output: runSteps.output })
    .from(runSteps)
    .where(and(eq(runSteps.runId, key.runId), eq(runSteps.scope, key.scope)))
    .orderBy(asc(runSteps.position))
  const gap = rows.findIndex((row, i) => row.position !== i + 1)
  return (gap === -1 ? rows : rows.slice(0, gap)).map(({ name, output }) => ({ name, output }))
}

/** Keeps a finished step; positions count from 1. A step that is done again takes the place of the one before. */
export async function writeStep(
  db: DbOrTx,
  key: StepKey,
  position: number,
  step: { readonly name: string; readonly output: unknown },
): Promise<void> {
  const { name, output } = storableRecord(step)
  await db
    .insert(runSteps)
    .values({ ...key, position, name, output })
    .onConflictDoUpdate({
      target: [runSteps.runId, runSteps.scope, runSteps.position],
      set: { name, output },
    })
}

/** Forgets the steps of a run that has ended. */
export async function dropSteps(db: DbOrTx, runId: string): Promise<void> {
  await db.delete(runSteps).where(eq(runSteps.runId, runId))
}
