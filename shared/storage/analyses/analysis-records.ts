import type { Db } from '../db.ts'
import { persistently } from '../persistently.ts'
import { createAnalysis, type NewAnalysis } from './create-analysis.ts'
import { type AnalysisEnd, finishAnalysis } from './finish-analysis.ts'
import { type AttemptEntry, recordAttempt } from './record-attempt.ts'

/** The verbs by which an analysis is written, each repeated through a short outage of the database. */
export function createAnalysisRecords(db: Db) {
  return {
    create: (analysis: NewAnalysis) => persistently(() => createAnalysis(db, analysis)),
    recordAttempt: (entry: AttemptEntry) => persistently(() => recordAttempt(db, entry)),
    finish: (entry: AnalysisEnd) => persistently(() => finishAnalysis(db, entry)),
  }
}
