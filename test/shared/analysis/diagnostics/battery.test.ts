import { expect, it } from 'vitest'
import { batteries } from '../../../../shared/analysis/diagnostics/battery.ts'
import type { Entity, EntityState, StateChange } from '../../../../shared/domain/home-data.ts'
import { HOUR, MONDAY } from '../points.ts'

const SPAN = { start: MONDAY, end: MONDAY + 168 * HOUR }
const battery = (id: string, rest: Partial<Entity> = {}): Entity => ({
  id,
  name: id,
  areaId: null,
  deviceId: null,
  domain: id.slice(0, id.indexOf('.')),
  deviceClass: 'battery',
  stateClass: 'measurement',
  unit: '%',
  disabled: false,
  ...rest,
})
const state = (entityId: string, value: string): EntityState => ({
  entityId,
  state: value,
  attributes: {},
  lastChanged: 0,
  lastUpdated: 0,
})
const read = (states: readonly EntityState[], history: Record<string, StateChange[]> = {}) =>
  batteries(
    states,
    { areas: [], devices: [], entities: states.map((s) => battery(s.entityId)) },
    new Map(Object.entries(history)),
    SPAN,
  ).map(({ entityId, level, state }) => [entityId, level, state])

it('calls 20 % low, and what went away at such a level dead', () => {
  const history = {
    'sensor.gone': [
      { at: MONDAY, state: '4' },
      { at: MONDAY + HOUR, state: 'unavailable' },
    ],
    'sensor.away': [
      { at: MONDAY, state: '90' },
      { at: MONDAY + HOUR, state: 'unavailable' },
    ],
  }
  const states = [
    state('sensor.full', '100'),
    state('sensor.low', '20'),
    state('sensor.gone', 'unavailable'),
    state('sensor.away', 'unavailable'),
    state('sensor.never', 'unknown'),
    state('binary_sensor.low', 'on'),
  ]
  expect(read(states, history)).toEqual([
    ['sensor.gone', 4, 'dead'],
    ['sensor.low', 20, 'low'],
    ['sensor.away', 90, 'ok'],
    ['sensor.full', 100, 'ok'],
    ['sensor.never', null, 'ok'],
    ['binary_sensor.low', null, 'low'],
  ])
})

it('does not take empty or absurd text for a level', () => {
  expect(read([state('sensor.a', ''), state('sensor.b', '999')])).toEqual([
    ['sensor.a', null, 'ok'],
    ['sensor.b', null, 'ok'],
  ])
})

it('tells the days left from the slope, where there is one', () => {
  const days = (from: string) =>
    batteries(
      [state('sensor.a', '10')],
      { areas: [], devices: [], entities: [battery('sensor.a')] },
      new Map([['sensor.a', [{ at: MONDAY, state: from }]]]),
      SPAN,
    )[0]?.daysLeft
  expect(days('17')).toBeCloseTo(10)
  expect(days('11')).toBeNull()
  expect(days('10')).toBeNull()
})
