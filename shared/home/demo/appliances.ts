import { instantOf, MINUTE } from './calendar.ts'
import { isWorkday, type People } from './people.ts'
import { createDraw, type Draw, remember } from './random.ts'
import type { Weather } from './weather.ts'

/** One stretch of constant power. */
export interface Segment {
  readonly minutes: number
  readonly watts: number
}

/** One use of an appliance: its segments follow each other from `start` (epoch ms). */
export interface Run {
  readonly start: number
  readonly segments: readonly Segment[]
}

/** The uses of an appliance that begin on a local day (the heat pump's and the charger's among them). */
export type Runs = (day: number) => readonly Run[]

type Plan = (day: number, draw: Draw) => readonly (readonly [minute: number, ...Segment[]])[]

const s = (minutes: number, watts: number): Segment => ({ minutes, watts })

function planned(seed: number, key: string, plan: Plan): Runs {
  const draw = createDraw(seed, `appliance.${key}`)
  return remember(
    (day) => plan(day, draw).map(([minute, ...segments]) => ({ start: instantOf(day, minute), segments })),
    8,
  )
}

const around = (draw: Draw, day: number, index: number, minute: number, spread: number) =>
  minute + Math.round((2 * draw(day, index) - 1) * spread)

/** 11 kW: Tuesday and many a Friday early in the evening (dear), Wednesday and Sunday at night (cheap). */
const EV: Plan = (day, draw) => {
  const minutes = 60 + Math.round(50 * draw(day, 1))
  const charge = (minute: number) => [[minute, s(minutes, 11_000), s(10, 4200)]] as const
  const dow = ((day + 3) % 7) + 1
  if (dow === 2 || (dow === 5 && draw(day, 2) < 0.6)) return charge(around(draw, day, 3, 1070, 12))
  if (dow === 3 || dow === 7) return charge(around(draw, day, 4, 45, 15))
  return []
}

/** Silent from 22:00 to 05:30; on for a share of every hour by how cold it is; hot water twice a day. */
function heatPump(weather: Weather): Plan {
  return (day, draw) => {
    const cold = 16.5 - weather.daily(instantOf(day, 720))
    const share = Math.min(0.72, cold / 24)
    const runs: (readonly [number, ...Segment[]])[] = [
      [around(draw, day, 1, 345, 6), s(25, 2050)],
      [around(draw, day, 2, 790, 20), s(35, 2000)],
    ]
    const watts = Math.round(1250 + 22 * Math.max(0, cold))
    for (let hour = 7; share > 0.12 && hour < 22; hour++)
      if (hour !== 13)
        runs.push([hour * 60 + 12 + Math.round(6 * draw(day, hour)), s(Math.round(share * 52), watts)])
    return runs.sort((a, b) => a[0] - b[0])
  }
}

const DISHWASHER: Plan = (day, draw) =>
  draw(day, 1) < 0.72
    ? [[around(draw, day, 2, 1215, 30), s(12, 60), s(16, 1980), s(38, 75), s(13, 1980), s(30, 20)]]
    : []

const washes = (day: number, draw: Draw) =>
  isWorkday(day) ? (day + 3) % 7 === 3 && draw(day, 1) < 0.6 : draw(day, 1) < 0.75
const WASHING: Plan = (day, draw) =>
  washes(day, draw)
    ? [[around(draw, day, 2, isWorkday(day) ? 1105 : 640, 25), s(6, 80), s(19, 2080), s(55, 140), s(12, 430)]]
    : []

const OVEN: Plan = (day, draw) =>
  draw(day, 1) < 0.45 ? [[around(draw, day, 2, 1095, 20), s(11, 2500), s(34, 880)]] : []

const COFFEE: Plan = (day, draw) => [
  [around(draw, day, 1, isWorkday(day) ? 405 : 520, 4), s(6, 1150), s(14, 60)],
]

/** The hob and the kettle: nobody measures them. */
const COOKING: Plan = (day, draw) => [
  ...(draw(day, 1) < 0.85 ? ([[around(draw, day, 2, 1100, 18), s(9, 1700), s(17, 800)]] as const) : []),
  ...(isWorkday(day) ? [] : ([[around(draw, day, 3, 745, 20), s(8, 1600), s(12, 700)]] as const)),
]

/** Hair dryer, vacuum cleaner and whatever else hangs on unmeasured sockets. */
const SOCKETS: Plan = (day, draw) => [
  [around(draw, day, 1, 432, 6), s(6, 1350)],
  ...(draw(day, 2) < 0.25 ? ([[around(draw, day, 3, 1020, 60), s(24, 720)]] as const) : []),
]

const TV: Plan = (day, draw) =>
  draw(day, 1) < 0.8 ? [[around(draw, day, 2, 1185, 20), s(95 + Math.round(55 * draw(day, 3)), 104)]] : []

/** Makes every appliance that is used now and then, by its key. */
export function createAppliances(
  seed: number,
  weather: Weather,
  people: People,
): Readonly<Record<string, Runs>> {
  const washing = planned(seed, 'washing_machine', WASHING)
  const dries = createDraw(seed, 'appliance.dryer')
  const pc: Plan = (day, draw) => {
    if (people.worksAtHome(day)) return [[around(draw, day, 1, 535, 10), s(205, 138), s(45, 24), s(230, 142)]]
    return draw(day, 2) < 0.3 ? [[around(draw, day, 3, 1150, 30), s(55, 150)]] : []
  }
  return {
    ev_charger: planned(seed, 'ev_charger', EV),
    heat_pump: planned(seed, 'heat_pump', heatPump(weather)),
    dishwasher: planned(seed, 'dishwasher', DISHWASHER),
    washing_machine: washing,
    dryer: (day) =>
      dries(day) < 0.8
        ? washing(day).map((run) => ({ start: run.start + 105 * MINUTE, segments: [s(88, 640), s(9, 180)] }))
        : [],
    oven: planned(seed, 'oven', OVEN),
    coffee_machine: planned(seed, 'coffee_machine', COFFEE),
    cooking: planned(seed, 'cooking', COOKING),
    sockets: planned(seed, 'sockets', SOCKETS),
    tv: planned(seed, 'tv', TV),
    office_pc: planned(seed, 'office_pc', pc),
  }
}
