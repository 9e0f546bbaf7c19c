import type { AnalysisRequest, AnalysisResult } from '../../shared/domain/analysis.ts'
import type { Confidence, Factor, Finding } from '../../shared/domain/finding.ts'
import type { HomeInfo } from '../../shared/domain/home.ts'
import type { Metric } from '../../shared/domain/metric.ts'

/** Ready-made domain records for tests; give only what the test is about. */

export const aWeek = {
  start: '2026-11-16T23:00:00.000Z',
  end: '2026-11-23T23:00:00.000Z',
  timeZone: 'Europe/Berlin',
}

export function aHome(over: Partial<HomeInfo> = {}): HomeInfo {
  return {
    id: 'home',
    name: 'Test home',
    source: 'file',
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    now: '2026-11-24T10:00:00.000Z',
    dataStart: '2025-09-30T22:00:00.000Z',
    dataEnd: '2026-11-24T10:00:00.000Z',
    notes: [],
    ...over,
  }
}

export function aConfidence(...factors: [Factor['name'], number][]): Confidence {
  return {
    value: factors.reduce((product, [, value]) => product * value, 1),
    factors: factors.map(([name, value]) => ({ name, value, reason: `${name} is ${value}` })),
  }
}

export function aMetric(over: Partial<Metric> = {}): Metric {
  return {
    id: 'met_1',
    name: 'energy_total',
    label: null,
    value: 84.2,
    unit: 'kWh',
    at: null,
    local: null,
    window: aWeek,
    method: 'test@1',
    bucket: 'hour',
    coverage: 1,
    samples: 168,
    entities: ['sensor.grid'],
    attempt: 1,
    ...over,
  }
}

export function aFinding(over: Partial<Finding> = {}): Finding {
  return {
    id: 'fnd_1',
    analyst: 'energy',
    kind: 'total',
    title: 'Energy used',
    statement: 'The home used 84.2 kWh.',
    confidence: aConfidence(['coverage', 1]),
    metricIds: ['met_1'],
    entities: ['sensor.grid'],
    evidence: [{ kind: 'metric', metricId: 'met_1' }],
    ...over,
  }
}

export function aResult(over: Partial<AnalysisResult> = {}): AnalysisResult {
  return {
    analysisId: 'ana_1',
    attempt: 1,
    findings: [aFinding()],
    metrics: [aMetric()],
    scripts: [],
    ...over,
  }
}

export function aRequest(over: Partial<AnalysisRequest> = {}): AnalysisRequest {
  return {
    analysisId: 'ana_1',
    runId: 'run_1',
    question: 'How much energy did we use?',
    analysts: ['energy'],
    focus: ['overview'],
    window: aWeek,
    compare: null,
    strategy: {
      attempt: 1,
      statistics: 'auto',
      extraDays: 0,
      excludeFlagged: false,
      method: 'primary',
      scriptError: null,
    },
    known: [],
    ...over,
  }
}
