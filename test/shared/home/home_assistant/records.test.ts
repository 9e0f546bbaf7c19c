import { expect, test } from 'vitest'
import {
  toEnergyIssues,
  toStatisticsIssues,
  toTraceSteps,
  toTraces,
} from '../../../../shared/home/home_assistant/records.ts'

const at = '2026-11-25T23:47:43.034329+00:00'
const run = {
  run_id: 'r1',
  item_id: 'good_night',
  state: 'stopped',
  script_execution: 'error',
  timestamp: { start: at, finish: at },
  trigger: 'time',
  error: 'Entity light.gone not found',
}

test('a run is told with its id, and only where its automation is known', () => {
  const known = new Map([['good_night', 'automation.good_night']])
  expect(toTraces([run, { ...run, item_id: 'other' }, 'nonsense'], known)).toMatchObject([
    { entityId: 'automation.good_night', runId: 'r1', outcome: 'error', trigger: 'time' },
  ])
})

test('steps of a run come in order of time, with what failed and which condition did not hold', () => {
  const trace = {
    'action/0': [
      { path: 'action/0', timestamp: '2026-11-25T23:47:44+00:00', error: 'no', result: { params: {} } },
    ],
    'condition/0': [
      { path: 'condition/0', timestamp: '2026-11-25T23:47:43+00:00', result: { result: false } },
    ],
    odd: 'nonsense',
  }
  expect(toTraceSteps({ ...run, trace }).map(({ path, passed, error }) => [path, passed, error])).toEqual([
    ['condition/0', false, null],
    ['action/0', null, 'no'],
  ])
  expect(toTraceSteps(null)).toEqual([])
})

test('issues name each statistic or entity that they are about', () => {
  const energy = {
    energy_sources: [
      [
        {
          type: 'entity_not_defined',
          affected_entities: [['sensor.gone', null]],
          translation_placeholders: null,
        },
      ],
      [],
    ],
    device_consumption: [[{ type: 'entity_unavailable', affected_entities: [['sensor.oven', 'x'], 'odd'] }]],
    device_consumption_water: null,
  }
  expect(toEnergyIssues(energy)).toEqual([
    { about: 'sensor.gone', code: 'entity_not_defined' },
    { about: 'sensor.oven', code: 'entity_unavailable' },
  ])
  const statistics = { 'sensor.a': [{ type: 'units_changed', data: {} }, {}], 'sensor.b': 'odd' }
  expect(toStatisticsIssues(statistics)).toEqual([{ about: 'sensor.a', code: 'units_changed' }])
})
