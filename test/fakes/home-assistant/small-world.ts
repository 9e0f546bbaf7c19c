import { emptyWorld, type FakeStatistic, type FakeWorld } from './world.ts'

const HOUR = 3_600_000

/** A meter in kWh with one row an hour from `start`; `null` is an hour without a row. */
export function meterOf(
  id: string,
  start: number,
  changes: readonly (number | null)[],
  over: Partial<FakeStatistic> = {},
): FakeStatistic {
  let sum = 0
  const hours = changes.flatMap((change, i) => {
    if (change === null) return []
    sum += change
    return [{ start: start + i * HOUR, end: start + (i + 1) * HOUR, change, sum, state: 1000 + sum }]
  })
  return { id, unit: 'kWh', unitClass: 'energy', kind: 'sum', hours, ...over }
}

/** A home with one light and one grid meter that has counted 1 kWh an hour for three days until `now`. */
export function smallWorld(now: number): FakeWorld {
  const world = emptyWorld()
  const start = Math.floor(now / HOUR) * HOUR - 72 * HOUR
  world.statistics = [meterOf('sensor.grid', start, Array(72).fill(1))]
  world.preferences = {
    energy_sources: [{ type: 'grid', stat_energy_from: 'sensor.grid' }],
    device_consumption: [],
  }
  world.states.set('light.desk', {
    state: 'on',
    attributes: { friendly_name: 'Desk' },
    changedAt: now - HOUR,
  })
  world.states.set('sensor.grid', {
    state: '1072',
    attributes: {
      friendly_name: 'Grid',
      device_class: 'energy',
      state_class: 'total_increasing',
      unit_of_measurement: 'kWh',
    },
    changedAt: now - HOUR,
  })
  return world
}
