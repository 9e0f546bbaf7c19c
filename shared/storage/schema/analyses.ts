import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { ArtifactRef, ExitClass, ScriptRun } from '../../domain/analysis.ts'
import type { Confidence, Evidence, FactorName } from '../../domain/finding.ts'
import type { Bucket } from '../../domain/metric.ts'
import { ANALYSTS } from '../../domain/names.ts'
import type { TimeWindow } from '../../domain/window.ts'
import { runs } from './runs.ts'

/** Rows of older versions have the value alone. */
type ScriptReport = { readonly value?: unknown } & Partial<
  Pick<ScriptRun, 'metrics' | 'artifacts' | 'artifactsRefused'>
>

const at = () => timestamp({ withTimezone: true, mode: 'date' })
const ofAnalysis = () =>
  text()
    .notNull()
    .references(() => analyses.id, { onDelete: 'cascade' })

/** One data-science job. `run_id` is null for a caller that has no run; `confidence` is null until the end. */
export const analyses = pgTable(
  'analyses',
  {
    id: text().primaryKey(),
    runId: text().references(() => runs.id, { onDelete: 'cascade' }),
    owner: text().notNull(),
    question: text().notNull(),
    window: jsonb().$type<TimeWindow>().notNull(),
    confidence: doublePrecision(),
    artifacts: jsonb().$type<readonly ArtifactRef[]>().notNull().default([]),
    createdAt: at().notNull().defaultNow(),
    endedAt: at(),
  },
  (t) => [index('analyses_run').on(t.runId), index('analyses_owner_created').on(t.owner, t.createdAt)],
)

/** Tries of the confidence loop. */
export const analysisAttempts = pgTable(
  'analysis_attempts',
  {
    analysisId: ofAnalysis(),
    number: integer().notNull(),
    confidence: doublePrecision().notNull(),
    weakest: text().$type<FactorName>(),
    changes: jsonb().$type<readonly string[]>().notNull(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.analysisId, t.number] })],
)

/** What analysts found, of every try; `position` is the place within the try. */
export const findings = pgTable(
  'findings',
  {
    analysisId: ofAnalysis(),
    id: text().notNull(),
    attempt: integer().notNull(),
    position: integer().notNull(),
    analyst: text({ enum: ANALYSTS }).notNull(),
    kind: text().notNull(),
    title: text().notNull(),
    statement: text().notNull(),
    confidence: jsonb().$type<Confidence>().notNull(),
    metricIds: jsonb().$type<readonly string[]>().notNull(),
    entities: jsonb().$type<readonly string[]>().notNull(),
    evidence: jsonb().$type<readonly Evidence[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.analysisId, t.id] })],
)

/** The numbers, of every try. `instant` is the instant that a number points to. */
export const metrics = pgTable(
  'metrics',
  {
    analysisId: ofAnalysis(),
    id: text().notNull(),
    attempt: integer().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    label: text(),
    value: doublePrecision().notNull(),
    unit: text().notNull(),
    instant: text(),
    local: text(),
    window: jsonb().$type<TimeWindow>().notNull(),
    method: text().notNull(),
    bucket: text().$type<Bucket>(),
    coverage: doublePrecision().notNull(),
    samples: integer().notNull(),
    entities: jsonb().$type<readonly string[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.analysisId, t.id] })],
)

/** Script runs, of every try, whether they worked or not. `result` holds all that one reported: `value` (which may be null), metrics, artifacts. */
export const scripts = pgTable(
  'scripts',
  {
    analysisId: ofAnalysis(),
    id: text().notNull(),
    attempt: integer().notNull(),
    position: integer().notNull(),
    analyst: text({ enum: ANALYSTS }).notNull(),
    code: text().notNull(),
    files: jsonb().$type<readonly string[]>().notNull(),
    exitClass: text().$type<ExitClass>().notNull(),
    errorClass: text(),
    stdout: text().notNull(),
    stderr: text().notNull(),
    result: jsonb().$type<ScriptReport>().notNull(),
    timings: jsonb().$type<Readonly<Record<string, number>>>().notNull(),
    tier: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.analysisId, t.id] })],
)
