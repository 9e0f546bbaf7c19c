import { expect, test } from 'vitest'
import { toPreferences } from '../../../../shared/home/home_assistant/preferences.ts'

const flat = {
  energy_sources: [
    {
      type: 'grid',
      stat_energy_from: 'sensor.in',
      stat_energy_to: 'sensor.out',
      stat_cost: null,
      entity_energy_price: 'sensor.price',
      number_energy_price: null,
      stat_compensation: null,
      entity_energy_price_export: null,
      number_energy_price_export: 0.08,
      stat_rate: 'sensor.net_power',
      cost_adjustment_day: 0,
    },
    { type: 'grid', stat_energy_from: 'sensor.night', stat_energy_to: null, number_energy_price: 0.2 },
    {
      type: 'solar',
      stat_energy_from: 'sensor.pv',
      config_entry_solar_forecast: null,
      stat_rate: 'sensor.pv_w',
    },
    { type: 'battery', stat_energy_from: 'sensor.bat_out', stat_energy_to: 'sensor.bat_in' },
    { type: 'gas', stat_energy_from: 'sensor.gas', stat_cost: 'sensor.gas_cost' },
    { type: 'water', stat_energy_from: 'sensor.water' },
  ],
  device_consumption: [
    { stat_consumption: 'sensor.circuit', name: 'Circuit' },
    { stat_consumption: 'sensor.oven', included_in_stat: 'sensor.circuit', stat_rate: 'sensor.oven_w' },
    { stat_consumption: 'sensor.tv', included_in_stat: 'sensor.nowhere' },
  ],
}
const older = {
  ...flat,
  energy_sources: [
    {
      type: 'grid',
      flow_from: [
        {
          stat_energy_from: 'sensor.in',
          stat_cost: null,
          entity_energy_price: 'sensor.price',
          number_energy_price: null,
        },
        { stat_energy_from: 'sensor.night', stat_cost: null, number_energy_price: 0.2 },
      ],
      flow_to: [
        {
          stat_energy_to: 'sensor.out',
          stat_compensation: null,
          entity_energy_price: null,
          number_energy_price: 0.08,
        },
      ],
      cost_adjustment_day: 0,
    },
    ...flat.energy_sources.slice(2),
  ],
}

test.each([
  ['flat', flat],
  ['older', older],
])('the %s shape gives the same home', (_name, answer) => {
  expect(toPreferences(answer, { 'sensor.in': 'sensor.in_cost' })).toEqual({
    preferences: {
      sources: [
        {
          type: 'grid',
          from: ['sensor.in', 'sensor.night'],
          to: ['sensor.out'],
          cost: ['sensor.in_cost'],
          compensation: [],
        },
        { type: 'solar', from: 'sensor.pv' },
        { type: 'battery', from: 'sensor.bat_out', to: 'sensor.bat_in' },
      ],
      supplies: [
        { type: 'gas', statistic: 'sensor.gas', cost: 'sensor.gas_cost' },
        { type: 'water', statistic: 'sensor.water', cost: null },
      ],
      devices: [
        { statistic: 'sensor.circuit', name: 'Circuit', includedIn: null },
        { statistic: 'sensor.oven', name: 'sensor.oven', includedIn: 'sensor.circuit' },
        { statistic: 'sensor.tv', name: 'sensor.tv', includedIn: null },
      ],
      power: { 'sensor.pv': 'sensor.pv_w', 'sensor.oven': 'sensor.oven_w' },
    },
    buying: [
      { meter: 'sensor.in', cost: 'sensor.in_cost', entity: 'sensor.price', number: null },
      { meter: 'sensor.night', cost: null, entity: null, number: 0.2 },
    ],
    selling: [{ meter: 'sensor.out', cost: null, entity: null, number: 0.08 }],
  })
})

test('what has another shape reads as nothing', () => {
  expect(toPreferences(null, null)).toBeNull()
  expect(toPreferences({ energy_sources: [null, 1, { type: 'grid' }, { type: 'solar' }] }, null)).toEqual({
    preferences: { sources: [], supplies: [], devices: [], power: {} },
    buying: [],
    selling: [],
  })
})
