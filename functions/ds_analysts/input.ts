import * as v from 'valibot'
import type { AgentInput } from '../../shared/a2a/input.ts'
import { type AnalysisRequest, FOCUSES } from '../../shared/domain/analysis.ts'
import { ANALYSTS } from '../../shared/domain/names.ts'
import { fromWire } from '../../shared/domain/wire.ts'
import { AetherError } from '../../shared/errors/aether-error.ts'
import { invalidInput } from '../../shared/errors/invalid-input.ts'

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const Instant = v.pipe(v.string(), v.isoTimestamp())
const Fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const Window = v.pipe(
  v.object({ start: Instant, end: Instant, timeZone: v.pipe(v.string(), v.maxLength(64)) }),
  v.check((w) => Date.parse(w.start) < Date.parse(w.end), 'must end after it starts'),
)
const Known = v.object({
  id: Id,
  analyst: v.picklist(ANALYSTS),
  kind: v.string(),
  title: v.string(),
  statement: v.string(),
  confidence: v.object({
    value: Fraction,
    factors: v.array(
      v.object({
        name: v.picklist(['coverage', 'sample', 'agreement', 'quality', 'script']),
        value: Fraction,
        reason: v.string(),
      }),
    ),
  }),
  metricIds: v.array(Id),
  entities: v.array(v.string()),
  evidence: v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('metric'), metricId: Id }),
      v.object({ kind: v.literal('script'), scriptId: Id, path: v.string() }),
    ]),
  ),
})

const Request = v.object({
  analysisId: Id,
  runId: v.string(),
  question: v.pipe(v.string(), v.maxLength(65_536)),
  analysts: v.pipe(v.array(v.picklist(ANALYSTS)), v.minLength(1)),
  focus: v.array(v.picklist(FOCUSES)),
  window: Window,
  compare: v.nullable(Window),
  strategy: v.object({
    attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
    statistics: v.picklist(['auto', 'long_term', 'short_term']),
    extraDays: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(366)),
    excludeFlagged: v.boolean(),
    method: v.picklist(['primary', 'alternative']),
    scriptError: v.nullable(v.string()),
  }),
  known: v.array(Known),
})

/** Reads a call to ds_analysts (`aether.analysis-request/v1`); an analyst needs window and plan, so text alone is refused. */
export function readRequest(message: AgentInput): AnalysisRequest {
  const data = message.data.get('aether.analysis-request/v1')
  if (data === undefined)
    throw new AetherError(
      'INVALID_INPUT',
      'The analysts need a data part with schema aether.analysis-request/v1. Ask the DS orchestrator in plain text instead.',
    )
  const parsed = v.safeParse(Request, fromWire(data))
  if (!parsed.success) throw invalidInput(parsed.issues, 'params.message.parts[].data')
  return parsed.output
}
