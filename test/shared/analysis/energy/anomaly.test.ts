import { describe, expect, it } from 'vitest'
import { describeAnomaly, findAnomalies } from '../../../../shared/analysis/energy/anomaly.ts'
import { BERLIN, HOUR, MINUTE, MONDAY, repeat } from '../points.ts'

/** Four weeks of an hourly rhythm with a little scatter. */
const usual = (i: number) => 0.3 + (i % 24 >= 18 && i % 24 < 22 ? 0.9 : 0) + 0.02 * ((i * 7) % 5)
const HOURS = 28 * 24

describe('findAnomalies', () => {
  it('finds a stretch far from what its day and hour usually are, as one event', () => {
    const points = repeat(HOURS, (i) => (i >= 500 && i < 503 ? 4 : usual(i)))
    const found = findAnomalies(points, points, BERLIN)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      start: MONDAY + 500 * HOUR,
      end: MONDAY + 503 * HOUR,
      hours: 3,
      value: 4,
    })
    expect(found[0]!.z).toBeGreaterThan(3.5)
  })

  it('does not mind the evening peak that comes every day', () => {
    const points = repeat(HOURS, usual)
    expect(findAnomalies(points, points, BERLIN)).toEqual([])
  })

  it('finds what is too low as well', () => {
    const points = repeat(HOURS, (i) => (i === 600 ? 0.01 : usual(i)))
    expect(findAnomalies(points, points, BERLIN)).toMatchObject([{ start: MONDAY + 600 * HOUR }])
  })

  it('needs 20 samples of history and 45 minutes', () => {
    const points = repeat(19, (i) => (i === 5 ? 50 : 1))
    expect(findAnomalies(points, points, BERLIN)).toEqual([])
    const short = repeat(400, (i) => (i === 200 ? 9_000 : 100 + (i % 3)), MONDAY, 5 * MINUTE)
    expect(findAnomalies(short, short, BERLIN)).toEqual([])
  })

  it('is silent about a history without any scatter around zero', () => {
    const points = repeat(100, 0)
    expect(findAnomalies(points, points, BERLIN)).toEqual([])
  })
})

it('says value, usual value, percent and length', () => {
  const anomaly = {
    start: 0,
    end: 3 * HOUR,
    value: 4.6,
    usual: 85,
    fraction: (4.6 - 85) / 85,
    z: -9,
    hours: 3,
  }
  expect(describeAnomaly(anomaly, 'W')).toBe('4.6 W, usually 85 W, 94.6 % below, for 3 h')
  const much = { ...anomaly, value: 6.37, usual: 0.27, fraction: 22.6 }
  expect(describeAnomaly(much, 'kWh', ' an hour')).toBe(
    '6.37 kWh an hour, usually 0.27 kWh, 24 times as much, for 3 h',
  )
})
