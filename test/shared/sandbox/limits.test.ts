import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampLimits, DEFAULT_LIMITS, LIMIT_RANGES } from '../../../shared/sandbox/limits.ts'

describe('clampLimits', () => {
  it('gives the usual limits to a caller who does not say', () => {
    expect(clampLimits({})).toEqual(DEFAULT_LIMITS)
    expect(clampLimits({ wallMs: 5_000 })).toEqual({ ...DEFAULT_LIMITS, wallMs: 5_000 })
  })

  it('keeps every limit within its range, in whole numbers', () => {
    const any = fc.double({ noNaN: true, min: -1e9, max: 1e9 })
    const limits = fc.record({ wallMs: any, cpuS: any, memoryMb: any, outputBytes: any })
    fc.assert(
      fc.property(limits, (asked) => {
        const got = clampLimits(asked)
        for (const name of ['wallMs', 'cpuS', 'memoryMb', 'outputBytes'] as const) {
          const { least, most } = LIMIT_RANGES[name]
          expect(Number.isInteger(got[name])).toBe(true)
          expect(got[name]).toBeGreaterThanOrEqual(least)
          expect(got[name]).toBeLessThanOrEqual(most)
          if (asked[name] >= least && asked[name] <= most)
            expect(Math.abs(got[name] - asked[name])).toBeLessThanOrEqual(0.5)
        }
      }),
    )
  })
})
