import { expect, test } from 'vitest'
import type { StatisticRow } from '../../../../shared/domain/home-data.ts'
import { addRows, statisticsCalls, toMetas } from '../../../../shared/home/home_assistant/statistics.ts'

const DAY = 86_400_000

test('statistics are listed in the units in which they are asked for, in both forms of the list', () => {
  const row = (id: string, unit: string, over: object = {}) => ({
    statistic_id: id,
    statistics_unit_of_measurement: unit,
    has_sum: true,
    name: null,
    ...over,
  })
  const metas = toMetas([
    row('sensor.heat', 'GJ', { unit_class: 'energy', mean_type: 0 }),
    row('sensor.wh', 'Wh'),
    row('sensor.gas', 'ft³'),
    row('sensor.power', 'kW', { has_sum: false, has_mean: true, name: 'Power' }),
    row('sensor.temperature', '°C', { has_sum: false, mean_type: 1, unit_class: 'temperature' }),
    row('sensor.wind_direction', '°', { has_sum: false, mean_type: 2 }),
    row('sensor.cost', 'EUR'),
    { statistic_id: 4 },
    null,
  ])
  expect(metas.map(({ id, unit, hasMean }) => [id, unit, hasMean])).toEqual([
    ['sensor.heat', 'kWh', false],
    ['sensor.wh', 'kWh', false],
    ['sensor.gas', 'm³', false],
    ['sensor.power', 'W', true],
    ['sensor.temperature', '°C', true],
    ['sensor.cost', 'EUR', false],
  ])
})

test('a query becomes calls of which each fits one message, without a gap between them', () => {
  const ids = Array.from({ length: 400 }, (_, i) => `sensor.n${i}`)
  const month = { start: 0, end: 30 * DAY, ids, period: 'hour' } as const
  const calls = statisticsCalls(month, ids, 'sum')
  for (const call of calls) expect((call.statistic_ids as string[]).length * 720).toBeLessThanOrEqual(30_000)
  expect(calls.flatMap((call) => call.statistic_ids)).toEqual(ids)
  const years = { start: 1, end: 10 * 365 * DAY + 7, ids: ['sensor.a'], period: 'hour' } as const
  const parts = statisticsCalls(years, ['sensor.a'], 'sum')
  expect(parts.length).toBeGreaterThan(1)
  for (const [i, part] of parts.entries()) {
    expect(part.start_time).toBe(i === 0 ? new Date(1).toISOString() : parts[i - 1]?.end_time)
    if (i > 0) expect(Date.parse(String(part.start_time)) % 3_600_000).toBe(0)
  }
  expect(parts.at(-1)?.end_time).toBe(new Date(years.end).toISOString())
})

test('rows without a value are left out, whatever else the answer holds', () => {
  const found = new Map<string, StatisticRow[]>()
  const query = { start: 0, end: 10 * 3_600_000, ids: [], period: 'hour' } as const
  const row = (start: number, over: object) => ({ start, end: start + 3_600_000, ...over })
  const answer = {
    'sensor.a': [
      row(0, { change: 1, sum: 5, state: null }),
      row(3_600_000, { change: null, sum: 5, state: 5 }),
      row(-3_600_000, { change: 1, sum: 4, state: 4 }),
      'odd',
    ],
    'sensor.b': [],
  }
  addRows(found, answer, query, 'sum')
  addRows(found, 'odd', query, 'sum')
  expect([...found]).toEqual([['sensor.a', [{ start: 0, end: 3_600_000, change: 1, sum: 5, state: 5 }]]])
})
