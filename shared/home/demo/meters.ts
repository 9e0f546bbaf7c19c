import { DAY, SLOT } from './calendar.ts'
import { type Channel, type Energy, type Frame, KWH_PER_QUANTUM, WATTS_PER_QUANTUM } from './energy.ts'
import { INITIAL_KWH } from './energy-things.ts'

/** Reads the home's electricity at any instant. Instants are rounded down to whole five minutes. */
export interface Meters {
  /** Energy since the simulation's first instant, in quanta. */
  quantaUntil(channel: Channel, instant: number): number
  /** Mean power of the five minutes that hold the instant, in quanta. */
  quantaAt(channel: Channel, instant: number): number
  /** What the meter shows, in kWh. */
  reading(channel: Channel, instant: number): number
}

/**
 * The instant at which all meters began: 2024-01-01 UTC, for a present before spring 2025 four, eight … years earlier.
 * It does not move with the present, so a meter's reading at an instant never changes.
 */
export function simulationStart(now: number): number {
  let year = 2024
  while (Date.UTC(year, 0, 1) > now - 440 * DAY) year -= 4
  return Date.UTC(year, 0, 1)
}

/** Makes the meters over the frames of an energy simulation that began at `start` (midnight UTC). */
export function createMeters(energy: Energy, start: number): Meters {
  const firstDay = start / DAY
  // totals[i] holds, for each channel, the quanta of the first i days; it grows as far as somebody reads
  const totals = new Map<Channel, number[]>()
  let known = 0

  function grow(days: number): void {
    for (; known < days; known++) {
      const frame = energy.frame(firstDay + known)
      for (const [channel, quanta] of channelsOf(frame)) {
        const list = totals.get(channel) ?? [0]
        let sum = list[known] ?? 0
        for (let slot = 0; slot < quanta.length; slot++) sum += quanta[slot]!
        list.push(sum)
        totals.set(channel, list)
      }
    }
  }

  const quantaUntil = (channel: Channel, instant: number) => {
    const day = Math.floor(instant / DAY)
    grow(day - firstDay)
    let sum = totals.get(channel)?.[day - firstDay] ?? 0
    const slots = Math.floor((instant - day * DAY) / SLOT)
    if (slots === 0) return sum
    const quanta = energy.frame(day)[channel]
    for (let slot = 0; slot < slots; slot++) sum += quanta[slot] ?? 0
    return sum
  }
  return {
    quantaUntil,
    quantaAt: (channel, instant) => {
      const day = Math.floor(instant / DAY)
      return energy.frame(day)[channel][Math.floor((instant - day * DAY) / SLOT)] ?? 0
    },
    reading: (channel, instant) =>
      (INITIAL_KWH.get(channel) ?? 0) + quantaUntil(channel, instant) * KWH_PER_QUANTUM,
  }
}

/** Mean power in W of a mean in quanta. */
export function toWatts(quanta: number): number {
  return quanta * WATTS_PER_QUANTUM
}

/** The keys of a frame are channels and nothing else. */
function channelsOf(frame: Frame): [Channel, Int32Array][] {
  return Object.entries(frame) as [Channel, Int32Array][]
}
