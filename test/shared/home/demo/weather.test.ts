import { describe, expect, it } from 'vitest'
import { createWeather } from '../../../../shared/home/demo/weather.ts'

const weather = createWeather(20_241)
const HOUR = 3_600_000

describe('createWeather', () => {
  it('lets the sun shine between sunrise and sunset alone', () => {
    for (const date of ['2026-06-21', '2026-12-21', '2026-03-20']) {
      const day = Date.parse(date) / (24 * HOUR)
      const { rise, set } = weather.sun(day)
      expect(weather.solarPower(rise - HOUR)).toBe(0)
      expect(weather.solarPower(set + HOUR)).toBe(0)
      expect(weather.solarPower((rise + set) / 2)).toBeGreaterThan(50)
      expect(weather.solarPower((rise + set) / 2)).toBeLessThan(6000)
    }
  })

  it('has long days in summer and warm ones', () => {
    const hours = (date: string) => {
      const { rise, set } = weather.sun(Date.parse(date) / (24 * HOUR))
      return (set - rise) / HOUR
    }
    expect(hours('2026-06-21')).toBeCloseTo(16.7, 0)
    expect(hours('2026-12-21')).toBeCloseTo(7.6, 0)
    const mean = (from: string) => {
      let sum = 0
      for (let i = 0; i < 30 * 24; i++) sum += weather.outdoor(Date.parse(from) + i * HOUR)
      return sum / 720
    }
    expect(mean('2026-07-01') - mean('2026-01-05')).toBeGreaterThan(10)
  })
})
