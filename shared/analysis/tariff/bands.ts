import type { Tariff, TariffBand } from '../../domain/tariff.ts'
import { localParts } from '../../domain/time/zone.ts'

interface ReadBand {
  readonly band: TariffBand
  readonly from: number
  readonly to: number
}

/**
 * Makes a function from an instant (epoch ms) to the band that holds then: the first that matches the local wall time,
 * the kind of day and the month; null where none does. A band may go over midnight (`22:00` to `06:00`): each of its
 * hours is judged by its own day. On holidays the weekend's bands hold.
 */
export function createBandFinder(tariff: Tariff, zone: string): (instant: number) => TariffBand | null {
  const bands: ReadBand[] = tariff.import.map((band) => ({
    band,
    from: minutesOf(band.from),
    to: minutesOf(band.to),
  }))
  const holidays = new Set(tariff.holidays)
  return (instant) => {
    const local = localParts(instant, zone)
    const weekend = local.weekday >= 6 || holidays.has(local.date)
    const minute = local.hour * 60 + local.minute
    for (const { band, from, to } of bands) {
      if (band.days !== 'all' && (band.days === 'weekend') !== weekend) continue
      if (band.months !== null && !band.months.includes(local.month)) continue
      if (from < to ? minute >= from && minute < to : minute >= from || minute < to) return band
    }
    return null
  }
}

/** The band that holds at one instant; for many of them use `createBandFinder`. */
export function bandAt(tariff: Tariff, instant: number, zone: string): TariffBand | null {
  return createBandFinder(tariff, zone)(instant)
}

/** Minutes since midnight of `HH:MM`; `24:00` is the end of the day. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}
