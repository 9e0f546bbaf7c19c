import { describe, expect, it } from 'vitest'
import { driftOf } from '../../../../shared/analysis/diagnostics/drift.ts'
import type { Point } from '../../../../shared/analysis/series/series.ts'

const HOUR = 3_600_000
const WEEK_HOURS = 168
const END = 100 * WEEK_HOURS * HOUR

/** Eight weeks of hours up to `END`. */
function hours(valueAt: (week: number, hour: number) => number | null): Point[] {
  return Array.from({ length: 8 * WEEK_HOURS }, (_, i) => {
    const start = END - (8 * WEEK_HOURS - i) * HOUR
    return { start, end: start + HOUR, value: valueAt(Math.floor(i / WEEK_HOURS), i) }
  }).flatMap((point) => (point.value === null ? [] : [{ ...point, value: point.value }]))
}
const ripple = (hour: number) => 1 + 0.3 * Math.sin(hour)

describe('driftOf', () => {
  it('tells a steady rise with its interval', () => {
    const drift = driftOf(
      hours((week, hour) => (0.05 + 0.002 * week) * ripple(hour)),
      END,
    )
    expect(drift?.perWeek).toBeCloseTo(0.048, 2)
    expect(drift?.first).toBeCloseTo(1.2, 1)
    expect(drift?.last).toBeCloseTo(1.536, 1)
    expect(drift?.low).toBeGreaterThan(0.04)
    expect(drift?.isRising).toBe(true)
  })

  it('is none where use is even, or goes up and down', () => {
    expect(
      driftOf(
        hours((_, hour) => 0.05 * ripple(hour)),
        END,
      )?.isRising,
    ).toBe(false)
    expect(
      driftOf(
        hours((week, hour) => (week % 2 ? 0.07 : 0.05) * ripple(hour)),
        END,
      )?.isRising,
    ).toBe(false)
  })

  it('cannot be told of a device that stands by for most of the time', () => {
    expect(
      driftOf(
        hours((week, hour) => (hour % 24 < 4 ? 0.2 + 0.05 * week : 0.01)),
        END,
      ),
    ).toBeNull()
  })

  it('cannot be told of a device that rests for hours, or of too few weeks', () => {
    expect(
      driftOf(
        hours((week, hour) => (hour % 24 < 12 ? 0.1 + 0.01 * week : 0)),
        END,
      ),
    ).toBeNull()
    expect(
      driftOf(
        hours((week) => (week < 3 ? null : 0.05 + 0.01 * week)),
        END,
      ),
    ).toBeNull()
  })
})
