import type { InferInsertModel, InferSelectModel } from 'drizzle-orm'
import type { Attempt, ScriptRun } from '../../domain/analysis.ts'
import type { Finding } from '../../domain/finding.ts'
import type { Metric } from '../../domain/metric.ts'
import type { analysisAttempts, findings, metrics, scripts } from '../schema/analyses.ts'
import { storableJson } from '../storable.ts'

/** Where a row belongs: its analysis, its try, and its place in that try. */
export interface Place {
  readonly analysisId: string
  readonly attempt: number
  readonly position: number
}

/** Same shape with all texts storable: `storableJson` changes characters only. */
function storable<T>(value: T): T {
  return storableJson(value) as T
}

export function toFindingRow(finding: Finding, place: Place): InferInsertModel<typeof findings> {
  return { ...storable(finding), ...place }
}

export function fromFindingRow(row: InferSelectModel<typeof findings>): Finding {
  const { analysisId: _analysis, attempt: _attempt, position: _position, ...finding } = row
  return finding
}

export function toMetricRow(metric: Metric, place: Place): InferInsertModel<typeof metrics> {
  const { at, ...rest } = storable(metric)
  return { ...rest, ...place, attempt: metric.attempt, instant: at }
}

export function fromMetricRow(row: InferSelectModel<typeof metrics>): Metric {
  const { analysisId: _analysis, position: _position, instant, ...rest } = row
  return { ...rest, at: instant }
}

export function toScriptRow(script: ScriptRun, place: Place): InferInsertModel<typeof scripts> {
  const { result: value, metrics, artifacts, artifactsRefused, ...rest } = storable(script)
  return {
    ...rest,
    ...place,
    attempt: script.attempt,
    result: { value, metrics, artifacts, artifactsRefused },
  }
}

export function fromScriptRow(row: InferSelectModel<typeof scripts>): ScriptRun {
  const { analysisId: _analysis, position: _position, result, ...rest } = row
  const { value = null, metrics = [], artifacts = [], artifactsRefused = [] } = result
  return { ...rest, result: value, metrics, artifacts, artifactsRefused }
}

export function fromAttemptRow(row: InferSelectModel<typeof analysisAttempts>): Attempt {
  return { number: row.number, confidence: row.confidence, weakest: row.weakest, changes: row.changes }
}
