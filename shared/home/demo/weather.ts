import { DAY, dayOfYear, HOUR, MINUTE } from './calendar.ts'
import { createDraw, type Draw, smooth } from './random.ts'

const LATITUDE = (52.5 * Math.PI) / 180
const LONGITUDE = 13.4

/** The sky over the demo home. Every value depends on the seed and the instant alone. */
export interface Weather {
  /** Outdoor temperature in °C. */
  outdoor(instant: number): number
  /** Outdoor temperature of the day around the instant, without its daily swing, in °C. */
  daily(instant: number): number
  /** Power of the 6 kWp roof in W. */
  solarPower(instant: number): number
  /** Sunrise and sunset of a day (days since 1970-01-01), as instants. */
  sun(day: number): { rise: number; set: number }
}

function declination(instant: number): number {
  return ((23.44 * Math.PI) / 180) * Math.sin((2 * Math.PI * (284 + dayOfYear(instant))) / 365.2425)
}

function sinElevation(instant: number): number {
  const d = declination(instant)
  const hours = (instant % DAY) / HOUR + LONGITUDE / 15 - 12
  return (
    Math.sin(LATITUDE) * Math.sin(d) + Math.cos(LATITUDE) * Math.cos(d) * Math.cos((hours * Math.PI) / 12)
  )
}

function sunTimes(day: number): { rise: number; set: number } {
  const noon = day * DAY + 12 * HOUR - (LONGITUDE / 15) * HOUR
  const d = declination(noon)
  const half = (Math.acos(-Math.tan(LATITUDE) * Math.tan(d)) * 12) / Math.PI
  const round = (instant: number) => Math.round(instant / MINUTE) * MINUTE
  return { rise: round(noon - half * HOUR), set: round(noon + half * HOUR) }
}

function clearness(spell: Draw, cloud: Draw, instant: number): number {
  const day = 0.25 + 0.75 * smooth(spell, instant, 1.5 * DAY)
  return Math.min(1, Math.max(0.08, day * (0.7 + 0.6 * smooth(cloud, instant, 20 * MINUTE))))
}

/** Makes the weather of a seed. */
export function createWeather(seed: number): Weather {
  const spell = createDraw(seed, 'weather.clear')
  const cloud = createDraw(seed, 'weather.cloud')
  const warmth = createDraw(seed, 'weather.warmth')
  const daily = (instant: number) =>
    9.5 -
    9.5 * Math.cos((2 * Math.PI * (dayOfYear(instant) - 20)) / 365.2425) +
    9 * (smooth(warmth, instant, 3 * DAY) - 0.5)
  return {
    daily,
    outdoor: (instant) =>
      daily(instant) + 3.2 * Math.cos((2 * Math.PI * ((instant % DAY) / HOUR - 13.5)) / 24),
    solarPower: (instant) => {
      const sine = sinElevation(instant)
      return sine <= 0.02 ? 0 : 5400 * sine ** 1.15 * clearness(spell, cloud, instant)
    },
    sun: sunTimes,
  }
}
