import { instantOf, MINUTE } from './calendar.ts'
import { type Interval, isWorkday, type People } from './people.ts'
import { createDraw } from './random.ts'
import type { Weather } from './weather.ts'

/** One run of an automation: when, and what set it off in Home Assistant's words. */
export interface AutomationRun {
  readonly at: number
  readonly trigger: string
}

/** An automation of the demo home: its configuration as Home Assistant keeps it, and when it runs. */
export interface Routine {
  readonly entityId: `automation.${string}`
  readonly alias: string
  readonly enabled: boolean
  readonly config: Readonly<Record<string, unknown>>
  runs(day: number): readonly AutomationRun[]
}

const turn = (action: string, ...entities: string[]) => ({ action, target: { entity_id: entities } })
const at = (time: string) => ({ trigger: 'time', at: time })

/** The light that an automation refers to although there is none. */
export const MISSING_LIGHT = 'light.garage_ceiling'

/** Makes the automations of a seed: one disabled, one that refers to a missing light, one often overridden. */
export function createRoutines(deps: {
  seed: number
  weather: Weather
  people: People
  hallway: (day: number) => readonly Interval[]
}): readonly Routine[] {
  const { weather, people } = deps
  const draw = createDraw(deps.seed, 'routines')
  const timed = (minute: number, index: number) => (day: number) => [
    { at: instantOf(day, minute) + Math.round(400 * draw(day, index)), trigger: 'time' },
  ]
  const evening = (day: number) => [{ at: weather.sun(day).set + 15 * MINUTE, trigger: 'sunset' }]
  const list: readonly Omit<Routine, 'entityId'>[] = [
    {
      alias: 'Evening lights',
      enabled: true,
      config: {
        triggers: [{ trigger: 'sun', event: 'sunset', offset: '00:15:00' }],
        conditions: [],
        actions: [
          turn('light.turn_on', 'light.living_room_floor_lamp', 'light.garden_path', 'light.front_door'),
        ],
        mode: 'single',
      },
      runs: evening,
    },
    {
      alias: 'Good night',
      enabled: true,
      config: {
        triggers: [at('23:30:00')],
        conditions: [],
        actions: [
          turn('light.turn_off', 'light.garden_path', 'light.front_door'),
          turn('lock.lock', 'lock.front_door'),
          turn('cover.close_cover', 'cover.bedroom_blind'),
        ],
        mode: 'single',
      },
      runs: timed(1410, 1),
    },
    {
      alias: 'Hallway motion light',
      enabled: true,
      config: {
        triggers: [{ trigger: 'state', entity_id: 'binary_sensor.hallway_motion', to: 'on' }],
        conditions: [],
        actions: [
          turn('light.turn_on', 'light.hallway_ceiling'),
          {
            wait_for_trigger: [
              { trigger: 'state', entity_id: 'binary_sensor.hallway_motion', to: 'off', for: '00:02:00' },
            ],
          },
          turn('light.turn_off', 'light.hallway_ceiling'),
        ],
        mode: 'restart',
      },
      runs: (day) =>
        deps
          .hallway(day)
          .map((seen) => ({ at: seen.start + 400, trigger: 'state of binary_sensor.hallway_motion' })),
    },
    {
      alias: 'Morning coffee',
      enabled: true,
      config: {
        triggers: [at('06:38:00')],
        conditions: [{ condition: 'time', weekday: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
        actions: [
          turn('switch.turn_on', 'switch.coffee_machine'),
          { delay: '01:30:00' },
          turn('switch.turn_off', 'switch.coffee_machine'),
        ],
        mode: 'single',
      },
      runs: (day) => (isWorkday(day) ? timed(398, 2)(day) : []),
    },
    {
      alias: 'Open blinds in the morning',
      enabled: true,
      config: {
        triggers: [at('07:15:00')],
        conditions: [],
        actions: [turn('cover.open_cover', 'cover.living_room_blind', 'cover.bedroom_blind')],
        mode: 'single',
      },
      runs: timed(435, 3),
    },
    {
      alias: 'Close living room blind',
      enabled: true,
      config: {
        triggers: [at('18:30:00')],
        conditions: [],
        actions: [turn('cover.close_cover', 'cover.living_room_blind')],
        mode: 'single',
      },
      runs: timed(1110, 4),
    },
    {
      alias: 'Garage light on arrival',
      enabled: true,
      config: {
        triggers: [{ trigger: 'state', entity_id: 'person.anna', to: 'home' }],
        conditions: [{ condition: 'sun', after: 'sunset' }],
        actions: [turn('light.turn_on', MISSING_LIGHT)],
        mode: 'single',
      },
      runs: (day) =>
        people
          .away('anna', day)
          .filter((away) => away.end > weather.sun(day).set)
          .map((away) => ({ at: away.end + 300, trigger: 'state of person.anna' })),
    },
    {
      alias: 'Plant lamp',
      enabled: true,
      config: {
        triggers: [
          { ...at('07:30:00'), id: 'on' },
          { ...at('19:30:00'), id: 'off' },
        ],
        conditions: [],
        actions: [
          {
            if: [{ condition: 'trigger', id: 'on' }],
            // biome-ignore lint/suspicious/noThenProperty: Home Assistant's own word
            then: [turn('light.turn_on', 'light.plant_lamp')],
            else: [turn('light.turn_off', 'light.plant_lamp')],
          },
        ],
        mode: 'single',
      },
      runs: (day) => [450, 1170].map((minute) => ({ at: instantOf(day, minute), trigger: 'time' })),
    },
    {
      alias: 'Holiday presence simulation',
      enabled: false,
      config: {
        triggers: [at('20:00:00')],
        conditions: [],
        actions: [turn('light.turn_on', 'light.office_ceiling')],
        mode: 'single',
      },
      runs: () => [],
    },
  ]
  return list.map((routine, index) => ({
    ...routine,
    entityId: `automation.${routine.alias.toLowerCase().replaceAll(' ', '_')}`,
    config: { id: String(1_700_000_000_000 + index), alias: routine.alias, ...routine.config },
  }))
}
