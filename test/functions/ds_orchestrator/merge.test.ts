import { describe, expect, it } from 'vitest'
import { merge } from '../../../functions/ds_orchestrator/merge.ts'
import { aConfidence, aFinding, aMetric, aWeek } from '../../fakes/records.ts'

describe('merge', () => {
  it('puts first what was asked for', () => {
    const findings = [
      aFinding({ id: 'total' }),
      aFinding({ id: 'peak', kind: 'peak' }),
      aFinding({ id: 'cost', kind: 'cost' }),
    ]
    expect(merge(findings, [aMetric()], ['cost', 'peak']).findings.map((f) => f.id)).toEqual([
      'cost',
      'peak',
      'total',
    ])
  })

  it('puts what qualifies the figures after them, however sure it is', () => {
    const quality = aFinding({ id: 'quality', kind: 'quality', confidence: aConfidence(['coverage', 1]) })
    const total = aFinding({ id: 'total', kind: 'total', confidence: aConfidence(['coverage', 0.6]) })
    expect(merge([quality, total], [aMetric()], ['overview']).findings.map((f) => f.id)).toEqual([
      'total',
      'quality',
    ])
  })

  it('finds contradictions across analysts and keeps the better supported value', () => {
    const energy = aFinding({ id: 'e', metricIds: ['met_1'] })
    const diagnostic = aFinding({
      id: 'd',
      analyst: 'diagnostic',
      kind: 'quality',
      metricIds: ['met_2'],
      confidence: aConfidence(['quality', 0.5]),
    })
    const metrics = [aMetric({ value: 84.2 }), aMetric({ id: 'met_2', value: 120 })]
    const merged = merge([diagnostic, energy], metrics, [])
    expect(merged.findings.map((f) => f.id)).toEqual(['e'])
    expect(merged.conflicts).toMatchObject([{ kept: { value: 84.2 }, dropped: { value: 120 } }])
  })

  it('sees no contradiction where label or window differ, or within one analyst', () => {
    const other = { ...aWeek, start: '2026-11-09T23:00:00.000Z' }
    const metrics = [
      aMetric(),
      aMetric({ id: 'met_2', value: 10, label: 'Fridge' }),
      aMetric({ id: 'met_3', value: 99, window: other }),
    ]
    const findings = [
      aFinding({ id: 'a' }),
      aFinding({ id: 'b', analyst: 'behavioral', metricIds: ['met_2', 'met_3'] }),
      aFinding({ id: 'c', kind: 'devices', metricIds: ['met_1'] }),
    ]
    expect(merge(findings, metrics, []).conflicts).toEqual([])
  })
})
