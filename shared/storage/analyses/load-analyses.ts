import { asc, inArray, type SQL } from 'drizzle-orm'
import type { Analysis } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analyses, analysisAttempts, findings, metrics, scripts } from '../schema/analyses.ts'
import { fromAttemptRow, fromFindingRow, fromMetricRow, fromScriptRow } from './rows.ts'
import { standingFindings } from './standing-findings.ts'

/**
 * Whole analyses that a condition on `analyses` picks, oldest first, as one consistent picture. Metrics and scripts
 * are those of every try; findings are those that stand. One that has not ended has the confidence of its last try.
 */
export async function loadAnalyses(db: Db, where: SQL | undefined): Promise<Analysis[]> {
  return db.transaction(
    async (tx) => {
      const heads = await tx
        .select()
        .from(analyses)
        .where(where)
        .orderBy(asc(analyses.createdAt), asc(analyses.id))
      const ids = heads.map((head) => head.id)
      if (ids.length === 0) return []
      const attempts = await tx
        .select()
        .from(analysisAttempts)
        .where(inArray(analysisAttempts.analysisId, ids))
        .orderBy(asc(analysisAttempts.number))
      const found = await tx
        .select()
        .from(findings)
        .where(inArray(findings.analysisId, ids))
        .orderBy(asc(findings.attempt), asc(findings.position))
      const measured = await tx
        .select()
        .from(metrics)
        .where(inArray(metrics.analysisId, ids))
        .orderBy(asc(metrics.attempt), asc(metrics.position))
      const run = await tx
        .select()
        .from(scripts)
        .where(inArray(scripts.analysisId, ids))
        .orderBy(asc(scripts.attempt), asc(scripts.position))
      return heads.map((head) => {
        const mine = <T extends { analysisId: string }>(rows: readonly T[]) =>
          rows.filter((row) => row.analysisId === head.id)
        const tries = mine(attempts).map(fromAttemptRow)
        return {
          id: head.id,
          runId: head.runId ?? '',
          question: head.question,
          window: head.window,
          confidence: head.confidence ?? tries.at(-1)?.confidence ?? 0,
          attempts: tries,
          findings: standingFindings(mine(found).map(fromFindingRow)),
          metrics: mine(measured).map(fromMetricRow),
          scripts: mine(run).map(fromScriptRow),
          artifacts: head.artifacts,
        }
      })
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}
