import { DAY, HOUR, localMinute } from './calendar.ts'
import type { Interval } from './people.ts'
import { createDraw, smooth } from './random.ts'
import type { Scenario } from './scenario.ts'
import type { Weather } from './weather.ts'

/** A measured value at an instant, before it is rounded to the sensor's digits. */
export type Value = (instant: number) => number

export interface Room {
  readonly area: string
  readonly target: number
  readonly humidity: number | null
}

/** Rooms with a temperature sensor, what they are heated to in °C, and their usual humidity in %. */
export const ROOMS: readonly Room[] = [
  { area: 'kitchen', target: 20.5, humidity: 50 },
  { area: 'living_room', target: 21.3, humidity: 46 },
  { area: 'bedroom', target: 18.4, humidity: 52 },
  { area: 'bathroom', target: 22.1, humidity: 61 },
  { area: 'office', target: 20.8, humidity: 45 },
  { area: 'guest_room', target: 17.2, humidity: 54 },
  { area: 'hallway', target: 19.1, humidity: null },
  { area: 'utility_room', target: 17.8, humidity: 58 },
  { area: 'garage', target: 9, humidity: null },
]

function touches(spells: readonly Interval[], instant: number): Interval | undefined {
  return spells.find((spell) => instant >= spell.start && instant < spell.end)
}

function roomTemperature(seed: number, room: Room, weather: Weather): Value {
  const noise = createDraw(seed, `room.${room.area}`)
  const tightness = room.area === 'garage' ? 0.55 : 0.12
  return (instant) => {
    const minute = localMinute(instant)
    const lived = Math.sin(((minute - 540) / 1440) * 2 * Math.PI)
    const outside = weather.daily(instant) - 10
    return (
      room.target +
      0.6 * lived +
      tightness * outside +
      1.1 * (smooth(noise, instant, 3 * HOUR) - 0.5) +
      0.25 * (smooth(noise, instant + DAY, 17 * 60_000) - 0.5)
    )
  }
}

/** The hallway's sensor repeats one value for three and a half days each week. */
function withSpells(value: Value, scenario: Scenario): Value {
  let known: { from: number; to: number; spells: readonly Interval[] } = { from: 0, to: 0, spells: [] }
  return (instant) => {
    if (instant < known.from || instant >= known.to) {
      const from = Math.floor(instant / DAY) * DAY
      known = { from, to: from + DAY, spells: scenario.stuck({ start: from, end: from + DAY }) }
    }
    return value(touches(known.spells, instant)?.start ?? instant)
  }
}

export interface RoomValues {
  readonly temperature: Value
  readonly humidity: Value | null
}

/** Makes the climate of one room. */
export function createRoom(deps: {
  seed: number
  room: Room
  weather: Weather
  scenario: Scenario
}): RoomValues {
  const { seed, room, weather } = deps
  const raw = roomTemperature(seed, room, weather)
  const damp = createDraw(seed, `humidity.${room.area}`)
  const base = room.humidity
  return {
    temperature: room.area === 'hallway' ? withSpells(raw, deps.scenario) : raw,
    humidity:
      base === null
        ? null
        : (instant) =>
            base + 0.35 * (weather.daily(instant) - 10) + 12 * (smooth(damp, instant, 2 * HOUR) - 0.5),
  }
}
