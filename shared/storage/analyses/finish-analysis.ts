import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ArtifactRef } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analyses } from '../schema/analyses.ts'

export interface AnalysisEnd {
  readonly analysisId: string
  readonly confidence: number
  readonly artifacts: readonly ArtifactRef[]
}

/** Ends an analysis. The first end stands: repeating it changes nothing. */
export async function finishAnalysis(db: Db, input: AnalysisEnd): Promise<void> {
  await db
    .update(analyses)
    .set({ confidence: input.confidence, artifacts: input.artifacts, endedAt: sql`now()` })
    .where(and(eq(analyses.id, input.analysisId), isNull(analyses.endedAt)))
}
