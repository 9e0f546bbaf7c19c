import { eq } from 'drizzle-orm'
import type { Analysis } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analyses } from '../schema/analyses.ts'
import { loadAnalyses } from './load-analyses.ts'

/** All analyses of a run, oldest first. The caller has checked whose run it is. */
export async function listAnalyses(db: Db, input: { runId: string }): Promise<Analysis[]> {
  return loadAnalyses(db, eq(analyses.runId, input.runId))
}
