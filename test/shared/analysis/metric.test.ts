import { expect, it } from 'vitest'
import { makeMetric, toSpan } from '../../../shared/analysis/metric.ts'
import { METRIC_NAMES } from '../../../shared/analysis/metric-names.ts'

const window = {
  start: '2026-11-16T23:00:00.000Z',
  end: '2026-11-23T23:00:00.000Z',
  timeZone: 'Europe/Berlin',
}

it('fills in what a metric has beside its number', () => {
  const metric = makeMetric({
    name: 'peak_power_15m',
    value: 6_120,
    unit: 'W',
    window,
    method: 'peak.rolling.v1',
    coverage: 1.0000001,
    samples: 2_016,
    at: Date.parse('2026-11-17T17:30:00Z'),
  })
  expect(metric).toMatchObject({
    label: null,
    at: '2026-11-17T17:30:00.000Z',
    local: '2026-11-17T18:30:00+01:00',
    bucket: null,
    coverage: 1,
    entities: [],
  })
})

it('has no time for a number about the whole window', () => {
  const metric = makeMetric({
    name: 'energy_total',
    value: 1,
    unit: 'kWh',
    window,
    method: 'm',
    coverage: -1,
    samples: 0,
  })
  expect(metric).toMatchObject({ at: null, local: null, coverage: 0 })
})

it('names every metric once', () => {
  expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length)
})

it('reads a window as instants', () => {
  expect(toSpan(window)).toEqual({ start: Date.parse(window.start), end: Date.parse(window.end) })
})
