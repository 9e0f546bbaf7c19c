import type { AnalysisResult, Attempt } from '../../domain/analysis.ts'
import type { Db } from '../db.ts'
import { analysisAttempts, findings, metrics, scripts } from '../schema/analyses.ts'
import { toFindingRow, toMetricRow, toScriptRow } from './rows.ts'

/** Postgres takes at most 65,535 parameters in a statement; a metric has 16. */
const ROWS_AT_ONCE = 1_000

export interface AttemptEntry {
  readonly analysisId: string
  readonly attempt: Attempt
  readonly result: AnalysisResult
}

/** Stores one try with its findings, metrics and scripts: all or nothing, and safe to repeat. */
export async function recordAttempt(db: Db, { analysisId, attempt, result }: AttemptEntry): Promise<void> {
  await db.transaction(async (tx) => {
    const [first] = await tx
      .insert(analysisAttempts)
      .values({ analysisId, ...attempt })
      .onConflictDoNothing()
      .returning({ number: analysisAttempts.number })
    if (!first) return
    const place = (position: number) => ({ analysisId, attempt: attempt.number, position })
    for (const rows of inParts(result.findings.map((one, i) => toFindingRow(one, place(i)))))
      await tx.insert(findings).values(rows).onConflictDoNothing()
    for (const rows of inParts(result.metrics.map((one, i) => toMetricRow(one, place(i)))))
      await tx.insert(metrics).values(rows).onConflictDoNothing()
    for (const rows of inParts(result.scripts.map((one, i) => toScriptRow(one, place(i)))))
      await tx.insert(scripts).values(rows).onConflictDoNothing()
  })
}

function* inParts<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE)
}
