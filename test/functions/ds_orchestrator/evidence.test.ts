import { describe, expect, it } from 'vitest'
import {
  addTry,
  analystsBelow,
  lastScriptError,
  NO_EVIDENCE,
  restingOn,
  weakestLink,
} from '../../../functions/ds_orchestrator/evidence.ts'
import type { ScriptRun } from '../../../shared/domain/analysis.ts'
import { ANALYSTS } from '../../../shared/domain/names.ts'
import { aConfidence, aFinding, aMetric, aResult } from '../../fakes/records.ts'

describe('addTry', () => {
  it('keeps the surer finding of each thing, and the metrics of every try', () => {
    const first = addTry(
      NO_EVIDENCE,
      aResult({ findings: [aFinding({ id: 'a', confidence: aConfidence(['sample', 0.4]) })] }),
    )
    const better = addTry(
      first,
      aResult({
        findings: [aFinding({ id: 'b', confidence: aConfidence(['sample', 0.8]) })],
        metrics: [aMetric({ id: 'met_2', attempt: 2 })],
      }),
    )
    expect(better.findings.map((f) => f.id)).toEqual(['b'])
    expect(better.metrics.map((m) => m.id)).toEqual(['met_1', 'met_2'])
    const worse = addTry(
      better,
      aResult({ findings: [aFinding({ id: 'c', confidence: aConfidence(['sample', 0.1]) })] }),
    )
    expect(worse.findings.map((f) => f.id)).toEqual(['b'])
  })

  it('keeps one finding of each analyst: nobody is the last writer that wins', () => {
    const findings = ANALYSTS.map((analyst) => aFinding({ id: analyst, analyst }))
    expect(addTry(NO_EVIDENCE, aResult({ findings })).findings).toHaveLength(3)
  })
})

describe('weakestLink', () => {
  it('is the weakest finding with the factor that limits it', () => {
    const weak = aFinding({ id: 'weak', confidence: aConfidence(['coverage', 0.9], ['sample', 0.5]) })
    const link = weakestLink([aFinding(), weak])
    expect(link).toMatchObject({
      value: 0.45,
      finding: { id: 'weak' },
      factor: { name: 'sample', value: 0.5 },
    })
  })
  it('is nothing without findings', () => {
    expect(weakestLink([])).toEqual({ value: 0, finding: null, factor: null })
  })
})

describe('restingOn', () => {
  const findings = [aFinding(), aFinding({ id: 'b', kind: 'baseload' })]
  it('is what the question is after, else everything', () => {
    expect(restingOn(findings, ['baseload']).map((f) => f.id)).toEqual(['b'])
    expect(restingOn(findings, ['overview', 'baseload'])).toHaveLength(2)
    expect(restingOn(findings, ['cost'])).toHaveLength(2)
  })
})

it('names the analysts to send out again, in their order', () => {
  const low = aConfidence(['sample', 0.2])
  const findings = [
    aFinding({ analyst: 'diagnostic', confidence: low }),
    aFinding({ analyst: 'behavioral' }),
    aFinding({ confidence: low }),
  ]
  expect(analystsBelow(findings, 0.7, ANALYSTS)).toEqual(['energy', 'diagnostic'])
})

it('takes the last failed script for repair, never a missing sandbox', () => {
  const script = (exitClass: ScriptRun['exitClass'], errorClass: string | null): ScriptRun => ({
    id: 's',
    analyst: 'energy',
    attempt: 1,
    code: '',
    files: [],
    exitClass,
    errorClass,
    stdout: '',
    stderr: '',
    result: null,
    metrics: [],
    artifacts: [],
    artifactsRefused: [],
    timings: {},
    tier: 'gvisor',
  })
  expect(lastScriptError([script('error', 'KeyError'), script('ok', null)])).toBe('KeyError')
  expect(lastScriptError([script('timeout', null)])).toBe('timeout')
  expect(lastScriptError([script('unavailable', null)])).toBeNull()
})
