import type { Act, Track } from './acts.ts'
import { instantOf, MINUTE, monthOf } from './calendar.ts'
import { createMotion } from './lights.ts'
import { type Interval, isWorkday, type People, type PersonKey } from './people.ts'
import { createDraw, type Draw } from './random.ts'
import type { Routine } from './routines.ts'

/** Share of the evenings on which the living room's blind is opened again by app, minutes after it closed. */
const OVERRIDE_SHARE = 0.7

function intervals(track: (day: number) => readonly Interval[], on: string, off: string): Track {
  return {
    initial: off,
    acts: (day) =>
      track(day).flatMap((one): Act[] => [
        { at: one.start, state: on, actor: 'hand' },
        { at: one.end, state: off, actor: 'hand' },
      ]),
  }
}

/** Opened for some minutes, about a minute of the local day, with a chance. */
function openings(
  draw: Draw,
  plan: readonly (readonly [minute: number, minutes: number, chance: number])[],
): Track {
  return intervals(
    (day) =>
      plan.flatMap(([minute, minutes, chance], i) => {
        if (draw(day, 4 * i) >= chance) return []
        const start = instantOf(day, minute + Math.round(50 * draw(day, 4 * i + 1)) - 25)
        return [{ start, end: start + Math.round(minutes * (0.7 + 0.6 * draw(day, 4 * i + 2)) * MINUTE) }]
      }),
    'on',
    'off',
  )
}

function runAt(routines: readonly Routine[], alias: string, day: number): number {
  const run = routines.find((routine) => routine.alias === alias)?.runs(day)[0]
  if (run === undefined) throw new Error(`The demo home has no run of ${alias} on that day`)
  return run.at
}

function frontDoor(people: People): Track {
  return intervals(
    (day) =>
      (['anna', 'ben'] as const)
        .flatMap((who) =>
          people.away(who, day).flatMap((away) => [
            { start: away.start - 20_000, end: away.start - 6_000 },
            { start: away.end, end: away.end + 14_000 },
          ]),
        )
        .sort((a, b) => a.start - b.start)
        .filter((one, i, all) => i === 0 || one.start > (all[i - 1]?.end ?? 0)),
    'on',
    'off',
  )
}

function person(people: People, who: PersonKey): Track {
  return { ...intervals((day) => people.away(who, day), 'not_home', 'home') }
}

function livingRoomBlind(routines: readonly Routine[], draw: Draw): Track {
  return {
    initial: 'open',
    acts: (day) => {
      const close = runAt(routines, 'Close living room blind', day)
      const acts: Act[] = [
        {
          at: runAt(routines, 'Open blinds in the morning', day) + 900,
          state: 'open',
          actor: 'automation.open_blinds_in_the_morning',
        },
        { at: close + 900, state: 'closed', actor: 'automation.close_living_room_blind' },
      ]
      if (draw(day, 1) < OVERRIDE_SHARE) {
        const reopened = close + Math.round((2 + 5 * draw(day, 2)) * MINUTE)
        acts.push({ at: reopened, state: 'open', actor: 'ben' })
        acts.push({
          at: instantOf(day, 1290 + Math.round(100 * draw(day, 3))),
          state: 'closed',
          actor: 'hand',
        })
      }
      return acts
    },
  }
}

/** A change by an automation in the evening and another one in the morning. */
function nightly(
  night: Omit<Act, 'at'>,
  morning: Omit<Act, 'at'>,
  times: (day: number) => readonly [number, number],
): Track {
  return {
    initial: morning.state,
    acts: (day) => {
      const [first, last] = times(day)
      return [
        { at: first, ...morning },
        { at: last, ...night },
      ]
    },
  }
}

/** The warm half of the year has no heating: `heat` from October to April. */
function heating(draw: Draw): Track {
  return {
    initial: 'off',
    acts: (day) => {
      const cold = monthOf(day) >= 10 || monthOf(day) <= 4
      return [
        {
          at: instantOf(day, 300) + Math.round(60_000 * draw(day)),
          state: cold ? 'heat' : 'off',
          actor: 'hand',
        },
      ]
    },
  }
}

export interface Tracks {
  readonly [entityId: string]: Track
}

/** Makes everything in the home that is on or off, open or closed, here or away, but the lights. */
export function createTracks(deps: {
  seed: number
  people: People
  routines: readonly Routine[]
  hallway: (day: number) => readonly Interval[]
}): Tracks {
  const { seed, people, routines } = deps
  const draw = (key: string) => createDraw(seed, `track.${key}`)
  const busy = (minute: number) => (minute < 480 || minute > 1020 ? 0.35 : 0.06)
  const goodNight = (day: number) => runAt(routines, 'Good night', day) + 1200
  const coffee = draw('coffee')
  const lock = draw('lock')
  return {
    'person.anna': person(people, 'anna'),
    'person.ben': person(people, 'ben'),
    'binary_sensor.hallway_motion': intervals(deps.hallway, 'on', 'off'),
    'binary_sensor.kitchen_motion': intervals(createMotion(seed, 'kitchen', busy), 'on', 'off'),
    'binary_sensor.garage_motion': intervals(
      createMotion(seed, 'garage', () => 0.04),
      'on',
      'off',
    ),
    'binary_sensor.front_door': frontDoor(people),
    'binary_sensor.patio_door': openings(draw('patio'), [
      [780, 12, 0.5],
      [1080, 15, 0.6],
    ]),
    'binary_sensor.kitchen_window': openings(draw('kitchen_window'), [[1130, 12, 0.6]]),
    'binary_sensor.bedroom_window': openings(draw('bedroom_window'), [[450, 18, 0.8]]),
    'binary_sensor.bathroom_window': openings(draw('bathroom_window'), [[460, 14, 0.8]]),
    'binary_sensor.garage_side_door': openings(draw('side_door'), [
      [600, 3, 0.4],
      [1060, 3, 0.5],
    ]),
    'switch.coffee_machine': {
      initial: 'off',
      acts: (day) => {
        const auto = isWorkday(day)
        const on = auto
          ? runAt(routines, 'Morning coffee', day) + 700
          : instantOf(day, 490 + Math.round(20 * coffee(day)))
        return [
          { at: on, state: 'on', actor: auto ? 'automation.morning_coffee' : 'hand' },
          { at: on + 90 * MINUTE, state: 'off', actor: auto ? 'automation.morning_coffee' : 'hand' },
        ]
      },
    },
    'cover.living_room_blind': livingRoomBlind(routines, draw('blind')),
    'cover.bedroom_blind': nightly(
      { state: 'closed', actor: 'automation.good_night' },
      { state: 'open', actor: 'automation.open_blinds_in_the_morning' },
      (day) => [runAt(routines, 'Open blinds in the morning', day) + 1100, goodNight(day)],
    ),
    'lock.front_door': nightly(
      { state: 'locked', actor: 'automation.good_night' },
      { state: 'unlocked', actor: 'hand' },
      (day) => [instantOf(day, 350 + Math.round(240 * lock(day))), goodNight(day)],
    ),
    'lock.garage': nightly(
      { state: 'locked', actor: 'hand' },
      { state: 'unlocked', actor: 'hand' },
      (day) => [
        instantOf(day, 420 + Math.round(200 * lock(day, 1))),
        instantOf(day, 1080 + Math.round(200 * lock(day, 2))),
      ],
    ),
    'climate.living_room': heating(draw('climate.living_room')),
    'climate.bedroom': heating(draw('climate.bedroom')),
    'climate.bathroom': heating(draw('climate.bathroom')),
    'climate.office': heating(draw('climate.office')),
  }
}
