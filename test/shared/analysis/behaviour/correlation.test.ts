import { describe, expect, it } from 'vitest'
import { followers } from '../../../../shared/analysis/behaviour/correlation.ts'
import { HOUR, MINUTE, MONDAY } from '../points.ts'
import { entry } from './logbook.ts'

describe('followers', () => {
  const SPAN = { start: MONDAY, end: MONDAY + 7 * 24 * HOUR }
  const pair = (day: number, lag: number) => {
    const at = MONDAY + day * 24 * HOUR + 7 * HOUR
    return [
      entry(at, { entityId: 'binary_sensor.door', state: 'on' }),
      entry(at + lag * 1000, { entityId: 'light.hall', state: 'on' }),
    ]
  }

  it('finds what follows within 300 s, in that direction, against chance', () => {
    const found = followers(
      [0, 1, 2, 3, 4].flatMap((day) => pair(day, 40)),
      SPAN,
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      first: { entityId: 'binary_sensor.door' },
      second: { entityId: 'light.hall' },
      hits: 5,
      medianLagS: 40,
    })
    expect(found[0]!.lift).toBeGreaterThan(100)
  })

  it('needs 3 hits, and more than chance', () => {
    expect(
      followers(
        [0, 1].flatMap((day) => pair(day, 40)),
        SPAN,
      ),
    ).toEqual([])
    expect(
      followers(
        [0, 1, 2].flatMap((day) => pair(day, 400)),
        SPAN,
      ),
    ).toEqual([])
    const busy = Array.from({ length: 7 * 288 }, (_, i) =>
      entry(MONDAY + i * 5 * MINUTE, { entityId: `sensor.${i % 2}`, state: 'x' }),
    )
    expect(followers(busy, SPAN)).toEqual([])
  })
})
