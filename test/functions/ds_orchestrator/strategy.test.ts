import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canReadFurther, FIRST_TRY, nextTry } from '../../../functions/ds_orchestrator/strategy.ts'
import { FACTORS } from '../../../shared/domain/finding.ts'

describe('nextTry', () => {
  it.each([
    ['coverage', { statistics: 'long_term' }],
    ['sample', { extraDays: 14 }],
    ['agreement', { method: 'alternative' }],
    ['quality', { excludeFlagged: true }],
  ] as const)('answers a weak %s', (factor, change) => {
    expect(nextTry(FIRST_TRY, factor, null)?.strategy).toEqual({ ...FIRST_TRY, ...change, attempt: 2 })
  })

  it('gives what may read beyond a patchy window more days at once', () => {
    const next = nextTry(FIRST_TRY, 'coverage', null, canReadFurther('baseload'))
    expect(next?.strategy).toMatchObject({ statistics: 'long_term', extraDays: 14 })
    expect(next?.changes).toHaveLength(2)
    expect(canReadFurther('total')).toBe(false)
  })

  it('repairs a script once for each error', () => {
    const second = nextTry(FIRST_TRY, 'script', 'KeyError')
    expect(second?.strategy.scriptError).toBe('KeyError')
    expect(nextTry(second!.strategy, 'script', 'KeyError')).toBeNull()
    expect(nextTry(FIRST_TRY, 'script', null)).toBeNull()
  })

  it('runs out of changes whatever is weakest, and never repeats a try', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FACTORS), { minLength: 30, maxLength: 30 }), (weakest) => {
        const seen = new Set<string>()
        let strategy = FIRST_TRY
        for (const factor of weakest) {
          const { attempt: _, ...rest } = strategy
          expect(seen.has(JSON.stringify(rest))).toBe(false)
          seen.add(JSON.stringify(rest))
          const next = nextTry(strategy, factor, 'KeyError')
          if (!next) return
          expect(next.changes.length).toBeGreaterThan(0)
          strategy = next.strategy
        }
        throw new Error('the loop did not end')
      }),
    )
  })
})
