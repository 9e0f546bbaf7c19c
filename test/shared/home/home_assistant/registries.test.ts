import { expect, test } from 'vitest'
import { toAssist, toRegistries } from '../../../../shared/home/home_assistant/registries.ts'

const state = (entityId: string, attributes: Record<string, unknown> = {}) => ({
  entityId,
  state: 'on',
  attributes,
  lastChanged: 0,
  lastUpdated: 0,
})
const rows = {
  labels: [{ label_id: 'dear', name: 'Uses much' }],
  floors: [{ floor_id: 'up', name: 'Upstairs' }],
  areas: [{ area_id: 'bath', name: 'Bath', floor_id: 'up' }, { name: 'no id' }, null],
  devices: [
    { id: 'd1', name: 'Meter', name_by_user: 'My meter', area_id: 'bath', config_entries: ['e1'] },
    { id: 'd2', name: null, area_id: 'gone', primary_config_entry: 'e2', config_entries: ['e3'] },
  ],
  entities: [
    {
      entity_id: 'sensor.a',
      device_id: 'd1',
      has_entity_name: true,
      original_name: 'Power',
      labels: ['dear', 'gone'],
    },
    {
      entity_id: 'sensor.b',
      device_id: 'd1',
      disabled_by: 'user',
      has_entity_name: true,
      original_name: null,
    },
    {
      entity_id: 'sensor.c',
      name: 'Mine',
      device_id: 'gone',
      options: { conversation: { should_expose: true } },
    },
    { entity_id: 'no id at all' },
  ],
  assist: null,
}

test('registries and states are one: names, rooms, units, and what is known by its state alone', () => {
  const states = [
    state('sensor.a', {
      friendly_name: 'My meter Power',
      device_class: 'power',
      state_class: 'measurement',
      unit_of_measurement: 'W',
    }),
    state('sun.sun', { friendly_name: 'Sun' }),
    state('Odd Id'),
  ]
  const { areas, devices, entities } = toRegistries(rows, states)
  expect(areas).toEqual([{ id: 'bath', name: 'Bath', floor: 'Upstairs' }])
  expect(devices.map(({ name, areaId, entryId }) => [name, areaId, entryId])).toEqual([
    ['My meter', 'bath', 'e1'],
    ['d2', null, 'e2'],
  ])
  expect(
    entities.map(({ id, name, deviceClass, unit, disabled }) => [id, name, deviceClass, unit, disabled]),
  ).toEqual([
    ['sensor.a', 'My meter Power', 'power', 'W', false],
    ['sensor.b', 'My meter', null, null, true],
    ['sensor.c', 'Mine', null, null, false],
    ['sun.sun', 'Sun', null, null, false],
  ])
  expect(entities[0]?.labels).toEqual(['Uses much'])
  expect(entities.map((each) => each.assist)).toEqual([false, false, true, false])
})

test('the exposure list wins over the registry’s own note', () => {
  const assist = toAssist({
    exposed_entities: {
      'sensor.a': { conversation: true },
      'sensor.c': { conversation: false },
      'sensor.x': null,
    },
  })
  const { entities } = toRegistries({ ...rows, assist }, [])
  expect(entities.filter((each) => each.assist).map((each) => each.id)).toEqual(['sensor.a'])
  expect(toAssist('odd').size).toBe(0)
})
