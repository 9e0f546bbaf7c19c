import { and, eq } from 'drizzle-orm'
import type { Analysis } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analyses } from '../schema/analyses.ts'
import { loadAnalyses } from './load-analyses.ts'

/** One analysis of this owner, whole; null when it does not exist or belongs to somebody else. */
export async function readAnalysis(db: Db, input: { id: string; owner: string }): Promise<Analysis | null> {
  const [analysis] = await loadAnalyses(db, and(eq(analyses.id, input.id), eq(analyses.owner, input.owner)))
  return analysis ?? null
}
