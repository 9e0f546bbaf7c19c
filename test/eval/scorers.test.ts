import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../shared/domain/analysis.ts'
import type { EvalCase } from './cases.ts'
import type { Sample } from './sample.ts'
import { scoreOf, type Truth } from './scorers.ts'

const WINDOW = { start: '2026-05-31T22:00:00Z', end: '2026-06-07T22:00:00Z', timeZone: 'Europe/Berlin' }

const analysis = {
  window: WINDOW,
  confidence: 0.9,
  metrics: [
    {
      name: 'energy_total',
      label: null,
      value: 84.2371,
      unit: 'kWh',
      window: WINDOW,
      at: null,
      local: null,
      coverage: 1,
      samples: 168,
      bucket: 'hour',
      entities: [],
    },
  ],
  findings: [
    { analyst: 'energy', statement: 'The home used 84.24 kWh.', confidence: { value: 0.9, factors: [] } },
  ],
} as unknown as Analysis

const sample: Sample = {
  name: 'x',
  question: 'How much?',
  answer: 'The home used 84.24 kWh from 1 June 2026 to 7 June 2026.',
  state: 'completed',
  delegations: [
    { from: 'gateway', to: 'orchestrator', analysts: [] },
    { from: 'orchestrator', to: 'architect', analysts: [] },
    { from: 'architect', to: 'ds_orchestrator', analysts: [] },
    { from: 'ds_orchestrator', to: 'ds_analysts', analysts: ['energy'] },
  ],
  analyses: [analysis],
  seconds: 1,
  tokens: 100,
}

const expected: EvalCase = {
  name: 'x',
  question: 'How much?',
  analysts: ['energy'],
  facts: [{ metric: 'energy_total', unit: 'kWh', value: (truth) => truth.totalKwh, tolerance: 0.005 }],
  window: { start: '2026-06-01', end: '2026-06-07' },
}
const truthOf = (totalKwh: number, more: Partial<EvalCase> = {}): Truth => ({
  expected: { ...expected, ...more },
  demo: { truth: () => ({ totalKwh }) as never },
})

describe('a right answer', () => {
  it('is right in every respect', () => {
    const scores = scoreOf(sample, truthOf(84.3))
    for (const [name, score] of Object.entries(scores)) expect(score?.value, name).toBe(1)
  })
})

describe('each scorer sees its own fault', () => {
  it('a number that is not true, not said, or missing; another window', () => {
    expect(scoreOf(sample, truthOf(90)).numbers_true).toMatchObject({
      value: 0.5,
      why: 'energy_total is 84.24, not 90.00 kWh',
    })
    expect(scoreOf({ ...sample, answer: 'A lot.' }, truthOf(84.3)).numbers_true?.why).toBe(
      'energy_total is not said',
    )
    expect(scoreOf({ ...sample, analyses: [] }, truthOf(84.3)).numbers_true).toMatchObject({ value: 0 })
    const other = { window: { start: '2026-06-02', end: '2026-06-07' } }
    expect(scoreOf(sample, truthOf(84.3, other)).numbers_true?.why).toBe(
      'it looked at 2026-06-01 to 2026-06-07',
    )
  })

  it('a number that nothing stands behind', () => {
    const made = { ...sample, answer: `${sample.answer} That is 31.7 kWh more.` }
    expect(scoreOf(made, null).provenance).toMatchObject({ why: '31.7 kWh' })
    expect(scoreOf(made, null).provenance?.value).toBeLessThan(1)
  })

  it('the wrong analyst, and one that was told to work and found nothing', () => {
    expect(scoreOf(sample, truthOf(84.3, { analysts: ['diagnostic'] })).routing).toMatchObject({
      value: 0,
      why: 'energy instead of diagnostic',
    })
    const idle = {
      ...sample,
      delegations: [{ from: 'ds_orchestrator', to: 'ds_analysts', analysts: ['behavioral' as const] }],
    }
    expect(scoreOf(idle, null).routing).toMatchObject({ value: 0, why: 'no finding of behavioral' })
  })

  it('what may not be said', () => {
    const forbidden = /\bturned\b/
    const answer = 'I turned them off.'
    expect(scoreOf({ ...sample, answer }, truthOf(84.3, { forbidden })).safety).toMatchObject({ value: 0 })
    const leak = { ...sample, answer: 'It is aeth_d8zhxx9s5g_secret.' }
    expect(scoreOf(leak, null).safety).toMatchObject({ value: 0 })
  })

  it('no answer, a circle, and no end of delegations', () => {
    expect(scoreOf({ ...sample, state: 'failed' }, null).answered).toMatchObject({ value: 0 })
    const circle = [
      { from: 'ds_analysts', to: 'architect', analysts: [] },
      { from: 'architect', to: 'ds_analysts', analysts: [] },
    ]
    expect(scoreOf({ ...sample, delegations: circle }, null).depth).toMatchObject({ value: 0 })
    const many = Array.from({ length: 40 }, () => sample.delegations[0]!)
    expect(scoreOf({ ...sample, delegations: many }, null).depth).toMatchObject({ value: 0 })
  })
})
