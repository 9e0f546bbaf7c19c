import type { Analysis } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analyses } from '../schema/analyses.ts'
import { storableText } from '../storable.ts'

export type NewAnalysis = Pick<Analysis, 'id' | 'runId' | 'question' | 'window'> & { readonly owner: string }

/** Opens an analysis. Safe to repeat. An empty `runId` means a caller without a run. */
export async function createAnalysis(db: Db, input: NewAnalysis): Promise<void> {
  await db
    .insert(analyses)
    .values({
      id: input.id,
      runId: input.runId || null,
      owner: input.owner,
      question: storableText(input.question),
      window: input.window,
    })
    .onConflictDoNothing()
}
