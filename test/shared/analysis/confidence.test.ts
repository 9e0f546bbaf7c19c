import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  agreementFactor,
  confidenceOf,
  coverageFactor,
  qualityFactor,
  recordsFactor,
  sampleFactor,
  scriptFactor,
  sourceFactor,
  weakestFactor,
} from '../../../shared/analysis/confidence.ts'
import { FLAG_KINDS, type Flag } from '../../../shared/analysis/series/series.ts'

const SPAN = { start: 0, end: 100 }
const flag = (kind: Flag['kind'], start = 10): Flag => ({
  kind,
  ids: ['a'],
  start,
  end: start + 10,
  effect: 'it stood still',
})

describe('factors', () => {
  it('coverage is the covered share, and worth little below one half', () => {
    expect(coverageFactor(1)).toEqual({ name: 'coverage', value: 1, reason: 'the whole window has data' })
    expect(coverageFactor(0.83)).toMatchObject({ value: 0.83, reason: '83 % of the window has data' })
    expect(coverageFactor(0.4).value).toBe(0.2)
    expect(coverageFactor(Number.NaN).value).toBe(0)
  })

  it('sample says what is missing', () => {
    expect(sampleFactor(7, 3, 'nights')).toMatchObject({ value: 1, reason: '7 nights are enough' })
    expect(sampleFactor(2, 4, 'nights')).toMatchObject({
      value: 0.5,
      reason: 'only 2 nights, where the method wants 4',
    })
  })

  it('agreement is full within tolerance and falls beyond', () => {
    expect(agreementFactor(100, 101, 0.02, 'the script').value).toBe(0.98)
    expect(agreementFactor(0, 0, 0.02, 'the script').value).toBe(0.98)
    expect(agreementFactor(100, 96, 0.02, 'the script')).toMatchObject({
      value: 0.5,
      reason: 'the script differs by 4 %',
    })
    expect(agreementFactor(100, -100, 0.02, 'the script').value).toBe(0.1)
    expect(agreementFactor(100, null, 0.02, 'the script')).toMatchObject({ value: 0.85 })
  })

  it('a figure without an estimate of its own is never surer than the check of its source', () => {
    expect(sourceFactor(agreementFactor(100, 101, 0.02, 'x')).value).toBe(0.95)
    expect(sourceFactor(agreementFactor(100, null, 0.02, 'x')).value).toBe(0.85)
    expect(sourceFactor(agreementFactor(100, 50, 0.02, 'the script'))).toMatchObject({
      value: 0.1,
      reason: 'the script differs by 50 %',
    })
    expect(recordsFactor().value).toBe(0.95)
  })

  it('quality counts each kind of flag once, within the span, and names the worst', () => {
    const factor = qualityFactor([flag('reset'), flag('stuck'), flag('stuck'), flag('negative', 200)], SPAN)
    expect(factor.value).toBeCloseTo(0.95 * 0.65)
    expect(factor.reason).toBe('a flaw in the data: it stood still')
    expect(qualityFactor([flag('coverage'), flag('clock_change')], SPAN)).toMatchObject({
      value: 1,
      reason: 'the data shows no flaws',
    })
  })

  it('script tells a failure from a missing sandbox', () => {
    expect(scriptFactor(null).value).toBe(1)
    expect(scriptFactor('ok').value).toBe(1)
    expect(scriptFactor('timeout').value).toBeLessThan(scriptFactor('unavailable').value)
  })

  it('all lie within 0 and 1 and give a reason', () => {
    const number = fc.double()
    const kinds = fc.array(fc.constantFrom(...FLAG_KINDS))
    fc.assert(
      fc.property(number, number, number, kinds, (a, b, c, list) => {
        const factors = [
          coverageFactor(a),
          sampleFactor(a, b),
          agreementFactor(a, b, Math.abs(c), 'x'),
          qualityFactor(
            list.map((kind) => flag(kind)),
            SPAN,
          ),
        ]
        for (const { value, reason } of factors) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1)
          expect(reason).not.toBe('')
        }
        const { value } = confidenceOf(factors)
        expect(value).toBeLessThanOrEqual(Math.min(...factors.map((factor) => factor.value)) + 1e-12)
      }),
    )
  })
})

describe('confidence', () => {
  it('is the product, and nothing without evidence', () => {
    expect(confidenceOf([coverageFactor(0.8), sampleFactor(1, 2)]).value).toBeCloseTo(0.4)
    expect(confidenceOf([]).value).toBe(0)
  })

  it('names what limits it', () => {
    expect(weakestFactor(confidenceOf([coverageFactor(0.8), sampleFactor(1, 2)]))?.name).toBe('sample')
    expect(weakestFactor(confidenceOf([]))).toBeNull()
  })
})
