import type { Act, Actor, Track } from './acts.ts'
import { instantOf, MINUTE } from './calendar.ts'
import { type Interval, isWorkday } from './people.ts'
import { createDraw, remember } from './random.ts'
import type { Weather } from './weather.ts'

/** A light's time on, and who switched it. */
export interface LightRun extends Interval {
  readonly on: Actor
  readonly off: Actor
}

export interface Light {
  readonly key: string
  readonly name: string
  readonly area: string
  readonly watts: number
  runs(day: number): readonly LightRun[]
}

/** Minutes of the local day, or minutes after sunset. */
type Moment = number | { readonly sunset: number }
/** Something that often happens: from and to may each be up to `spread` minutes early or late. */
interface Habit {
  readonly from: Moment
  readonly to: Moment
  readonly spread: number
  readonly chance: number
  readonly days?: 'work' | 'free'
  readonly on?: Actor
  readonly off?: Actor
}

const habit = (from: Moment, to: Moment, spread: number, chance: number, rest: Partial<Habit> = {}) => ({
  from,
  to,
  spread,
  chance,
  ...rest,
})

const EVENING = 'automation.evening_lights'
const NIGHT = 'automation.good_night'
const PLANTS = 'automation.plant_lamp'

const LIGHTS: readonly (readonly [string, string, string, number, readonly Habit[]])[] = [
  [
    'kitchen_ceiling',
    'Kitchen ceiling',
    'kitchen',
    14,
    [habit(400, 455, 20, 0.7, { days: 'work' }), habit(1080, 1190, 45, 0.75)],
  ],
  ['kitchen_counter', 'Kitchen counter', 'kitchen', 8, [habit(1065, 1210, 50, 0.55)]],
  ['living_room_ceiling', 'Living room ceiling', 'living_room', 18, [habit(1100, 1230, 50, 0.45)]],
  ['dining_table', 'Dining table', 'living_room', 12, [habit(1115, 1180, 35, 0.6)]],
  [
    'bathroom_ceiling',
    'Bathroom ceiling',
    'bathroom',
    10,
    [habit(385, 430, 25, 0.7), habit(1270, 1300, 45, 0.6)],
  ],
  ['bathroom_mirror', 'Bathroom mirror', 'bathroom', 7, [habit(395, 420, 25, 0.55)]],
  ['bedroom_ceiling', 'Bedroom ceiling', 'bedroom', 12, [habit(1260, 1300, 40, 0.4)]],
  ['bedroom_bedside', 'Bedroom bedside', 'bedroom', 6, [habit(1335, 1385, 30, 0.6)]],
  ['office_desk', 'Office desk', 'office', 9, [habit(545, 990, 40, 0.3, { days: 'work' })]],
  ['office_ceiling', 'Office ceiling', 'office', 12, [habit(1110, 1180, 50, 0.2)]],
  ['guest_room_ceiling', 'Guest room ceiling', 'guest_room', 10, [habit(1150, 1230, 50, 0.08)]],
  [
    'utility_room_ceiling',
    'Utility room ceiling',
    'utility_room',
    11,
    [habit(1000, 1040, 80, 0.4, { days: 'free' })],
  ],
  ['plant_lamp', 'Plant lamp', 'living_room', 3, [habit(450, 1170, 0, 1, { on: PLANTS, off: PLANTS })]],
  [
    'garden_path',
    'Garden path',
    'garden',
    16,
    [habit({ sunset: 15 }, 1410, 0, 1, { on: EVENING, off: NIGHT })],
  ],
  [
    'front_door',
    'Front door',
    'entrance',
    6,
    [habit({ sunset: 15 }, 1410, 0, 1, { on: EVENING, off: NIGHT })],
  ],
]

function habitRuns(seed: number, key: string, habits: readonly Habit[], weather: Weather) {
  const draw = createDraw(seed, `light.${key}`)
  const at = (day: number, moment: Moment, shift: number) =>
    (typeof moment === 'number' ? instantOf(day, moment) : weather.sun(day).set + moment.sunset * MINUTE) +
    shift * MINUTE
  return remember((day): readonly LightRun[] => {
    const runs: LightRun[] = []
    for (const [i, h] of habits.entries()) {
      if (draw(day, 10 * i) >= h.chance) continue
      if (h.days !== undefined && (h.days === 'work') !== isWorkday(day)) continue
      const start = at(day, h.from, Math.round((2 * draw(day, 10 * i + 1) - 1) * h.spread))
      const end = at(day, h.to, Math.round((2 * draw(day, 10 * i + 2) - 1) * h.spread))
      if (end >= start + 5 * MINUTE) runs.push({ start, end, on: h.on ?? 'hand', off: h.off ?? 'hand' })
    }
    return runs
  }, 8)
}

/** The lamp that the evening automation lights and that Anna, on most days, switches off by app at about 22:30. */
function floorLamp(seed: number, weather: Weather): Light {
  const draw = createDraw(seed, 'light.floor_lamp')
  return {
    key: 'living_room_floor_lamp',
    name: 'Living room floor lamp',
    area: 'living_room',
    watts: 9,
    runs: remember((day): readonly LightRun[] => {
      const usual = draw(day, 1) < 0.88
      const minute = usual ? 1350 + Math.round(16 * draw(day, 2)) - 8 : 1405 + Math.round(25 * draw(day, 3))
      const seconds = Math.round(59 * draw(day, 4)) * 1000
      return [
        {
          start: weather.sun(day).set + 15 * MINUTE,
          end: instantOf(day, minute) + seconds,
          on: EVENING,
          off: usual ? 'anna' : 'hand',
        },
      ]
    }, 8),
  }
}

/** When the hallway's motion sensor sees somebody on a local day. */
export function createMotion(seed: number, key: string, chance: (minute: number) => number) {
  const draw = createDraw(seed, `motion.${key}`)
  return remember((day): readonly Interval[] => {
    const seen: Interval[] = []
    for (let minute = 360; minute < 1400; minute += 20) {
      if (draw(day, minute) >= chance(minute)) continue
      const start = instantOf(day, minute) + Math.round(600 * draw(day, minute + 1)) * 1000
      seen.push({ start, end: start + Math.round(60 + 60 * draw(day, minute + 2)) * 1000 })
    }
    return seen
  }, 8)
}

const MOTION_LIGHT = 'automation.hallway_motion_light'

/** Makes the lights of a seed; `hallway` is the motion that lights the hallway. */
export function createLights(
  seed: number,
  weather: Weather,
  hallway: (day: number) => readonly Interval[],
): readonly Light[] {
  const simple = LIGHTS.map(([key, name, area, watts, habits]) => ({
    key,
    name,
    area,
    watts,
    runs: habitRuns(seed, key, habits, weather),
  }))
  return [
    ...simple,
    floorLamp(seed, weather),
    {
      key: 'hallway_ceiling',
      name: 'Hallway ceiling',
      area: 'hallway',
      watts: 10,
      runs: (day) =>
        hallway(day).map((seen) => ({
          start: seen.start + 1000,
          end: seen.end + 120_000,
          on: MOTION_LIGHT,
          off: MOTION_LIGHT,
        })),
    },
  ]
}

/** An automation's run comes first, what it does a moment later. */
function switchedAt(instant: number, actor: Actor): number {
  return actor.startsWith('automation.') ? instant + 600 : instant
}

/** A light as a track of `on` and `off`. */
export function lightTrack(light: Light): Track {
  return {
    initial: 'off',
    acts: (day) =>
      light.runs(day).flatMap((run): Act[] => [
        { at: switchedAt(run.start, run.on), state: 'on', actor: run.on },
        { at: switchedAt(run.end, run.off), state: 'off', actor: run.off },
      ]),
  }
}
