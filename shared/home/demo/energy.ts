import type { Runs } from './appliances.ts'
import { createAppliances } from './appliances.ts'
import { DAY, localDay, MINUTE, SLOT } from './calendar.ts'
import type { Light } from './lights.ts'
import type { People } from './people.ts'
import { createDraw, type Draw, remember } from './random.ts'
import type { Scenario } from './scenario.ts'
import type { Weather } from './weather.ts'

export const SLOTS = DAY / SLOT

/**
 * Power is counted in whole quanta of 375/2¹⁵ W, so that the energy of five minutes is a whole number of 2⁻²⁰ kWh:
 * every sum of buckets is exact in floating point, in whatever order it is made.
 */
export const WATTS_PER_QUANTUM = 375 / 32_768
export const KWH_PER_QUANTUM = 1 / 1_048_576

/** What draws power all the time, in W; together the home's always-on load. */
export const ALWAYS_ON = { network_rack: 62, tv: 9, office_pc: 6, guest_room_plug: 3, sockets: 125 } as const
export const ALWAYS_ON_WATTS = 205

/** The things that draw power. `cooking` and `sockets` have no meter of their own. */
export const LOADS = [
  'network_rack',
  'tv',
  'office_pc',
  'guest_room_plug',
  'sockets',
  'fridge_freezer',
  'chest_freezer',
  'heat_pump',
  'ev_charger',
  'dishwasher',
  'washing_machine',
  'dryer',
  'oven',
  'coffee_machine',
  'cooking',
  'lighting',
] as const
export type Load = (typeof LOADS)[number]

/** Circuits and what hangs on them. */
export const CIRCUITS = {
  kitchen_circuit: ['fridge_freezer', 'dishwasher', 'oven', 'coffee_machine', 'cooking'],
  utility_room_circuit: ['chest_freezer', 'washing_machine', 'dryer'],
} as const satisfies Record<string, readonly Load[]>
export type Circuit = keyof typeof CIRCUITS

export type Channel = Load | Circuit | 'home' | 'solar' | 'grid_import' | 'grid_export'
/** Mean power of each channel in quanta, one number for each five minutes of a UTC day. */
export type Frame = Readonly<Record<Channel, Int32Array>>

export interface Energy {
  /** Mean power of a UTC day's five-minute slots. */
  frame(utcDay: number): Frame
}

type Fill = (start: number, watts: Float64Array) => void

function paint(watts: Float64Array, frameStart: number, from: number, minutes: number, value: number): void {
  const first = Math.max(0, (from - frameStart) / SLOT)
  const last = Math.min(SLOTS, (from + minutes * MINUTE - frameStart) / SLOT)
  for (let slot = Math.floor(first); slot < last; slot++) {
    const share = Math.min(slot + 1, last) - Math.max(slot, first)
    watts[slot]! += value * share
  }
}

function paintRuns(runs: Runs, start: number, watts: Float64Array): void {
  for (let day = localDay(start) - 1; day <= localDay(start + DAY - 1); day++)
    for (const run of runs(day)) {
      let at = run.start
      for (const segment of run.segments) {
        paint(watts, start, at, segment.minutes, segment.watts)
        at += segment.minutes * MINUTE
      }
    }
}

/** A compressor that runs for a share of each cycle of `minutes`. */
function compressor(draw: Draw, minutes: number, power: number, duty: (instant: number) => number): Fill {
  const length = minutes * MINUTE
  return (start, watts) => {
    for (let cycle = Math.floor(start / length); cycle * length < start + DAY; cycle++) {
      const begin = cycle * length + draw(cycle) * 0.12 * length
      paint(watts, start, begin, minutes * duty(begin) * (0.94 + 0.12 * draw(cycle, 1)), power)
    }
  }
}

function lighting(lights: readonly Light[]): Fill {
  return (start, watts) => {
    for (const light of lights)
      for (let day = localDay(start) - 1; day <= localDay(start + DAY - 1); day++)
        for (const run of light.runs(day))
          paint(watts, start, run.start, (run.end - run.start) / MINUTE, light.watts)
  }
}

function add(target: Int32Array, part: Int32Array): void {
  for (let slot = 0; slot < SLOTS; slot++) target[slot]! += part[slot]!
}

/** Makes the home's electricity: all meters and all power sensors read from these frames. */
export function createEnergy(deps: {
  seed: number
  weather: Weather
  people: People
  scenario: Scenario
  lights: readonly Light[]
}): Energy {
  const { seed, weather, scenario } = deps
  const appliances = createAppliances(seed, weather, deps.people)
  const fills: Readonly<Record<string, Fill>> = {
    fridge_freezer: compressor(createDraw(seed, 'load.fridge'), 50, 92, scenario.fridgeDuty),
    chest_freezer: compressor(createDraw(seed, 'load.freezer'), 45, 74, () => 0.28),
    lighting: lighting(deps.lights),
  }
  const always: Readonly<Record<string, number>> = ALWAYS_ON
  const noise = createDraw(seed, 'load.noise')

  function loadFrame(load: Load, index: number, start: number): Int32Array {
    const watts = new Float64Array(SLOTS)
    const runs = appliances[load]
    if (runs !== undefined) paintRuns(runs, start, watts)
    fills[load]?.(start, watts)
    const base = always[load] ?? 0
    const quanta = new Int32Array(SLOTS)
    for (let slot = 0; slot < SLOTS; slot++) {
      const run = watts[slot]!
      if (run === 0 && base === 0) continue
      // what runs wavers by 1 %, what is always on by 0.4 %
      const waver = noise(start / SLOT + slot, index) - 0.5
      const value = base * (1 + 0.008 * waver) + run * (1 + 0.02 * waver)
      quanta[slot] = Math.round(value / WATTS_PER_QUANTUM)
    }
    return quanta
  }

  function makeFrame(utcDay: number): Frame {
    const start = utcDay * DAY
    const frame: Partial<Record<Channel, Int32Array>> = {}
    const home = new Int32Array(SLOTS)
    for (const [index, load] of LOADS.entries()) {
      const quanta = loadFrame(load, index, start)
      frame[load] = quanta
      add(home, quanta)
    }
    for (const [circuit, parts] of Object.entries(CIRCUITS)) {
      const sum = new Int32Array(SLOTS)
      for (const part of parts) {
        const quanta = frame[part]
        if (quanta !== undefined) add(sum, quanta)
      }
      frame[asCircuit(circuit)] = sum
    }
    const solar = new Int32Array(SLOTS)
    const bought = new Int32Array(SLOTS)
    const sold = new Int32Array(SLOTS)
    for (let slot = 0; slot < SLOTS; slot++) {
      const sun = Math.round(weather.solarPower(start + (slot + 0.5) * SLOT) / WATTS_PER_QUANTUM)
      const use = home[slot]!
      solar[slot] = sun
      bought[slot] = Math.max(0, use - sun)
      sold[slot] = Math.max(0, sun - use)
    }
    return asFrame({ ...frame, home, solar, grid_import: bought, grid_export: sold })
  }
  return { frame: remember(makeFrame, 45) }
}

/** `Object.entries` widens keys to text; those of CIRCUITS are circuits. */
function asCircuit(key: string): Circuit {
  return key as Circuit
}

/** Every load and circuit was filled in by the loops of makeFrame. */
function asFrame(frame: Partial<Record<Channel, Int32Array>>): Frame {
  return frame as Frame
}
