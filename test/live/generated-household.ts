import { type Band, type Household, localTime, type Reading } from './household.ts'

const HOUR = 3_600_000
/** Local midnight of 1 November 2025; the clock goes back on the day after. */
const START = Date.parse('2025-11-01T04:00:00Z')
const DAYS = 150
const HOLIDAYS = ['2025-12-25', '2025-12-26', '2026-01-01', '2026-02-16']

/** The same household in every run: five months with both changes of the clock. Its bands are its own reckoning. */
export function generateHousehold(): Household {
  let state = 2_025_11
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const readings: Reading[] = []
  for (let i = 0; i < DAYS * 24; i++) {
    const start = START + i * HOUR
    const evening = localTime(start).hour >= 17 ? 0.6 : 0
    const kwh = Math.round((0.2 + evening * random() + (random() > 0.93 ? 3 : 0.3) * random()) * 100) / 100
    readings.push({ start, kwh, band: bandAt(start) })
  }
  return { readings, holidays: HOLIDAYS }
}

function bandAt(start: number): Band {
  const { date, hour, weekend } = localTime(start)
  if (weekend || HOLIDAYS.includes(date) || hour < 7 || hour >= 19) return 'off-peak'
  return hour >= 11 && hour < 17 ? 'mid-peak' : 'on-peak'
}
