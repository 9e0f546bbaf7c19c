import { expect, test } from 'vitest'
import { guessSources } from '../../../../functions/ds_analysts/energy/sources.ts'
import type { Entity, StatisticMeta } from '../../../../shared/domain/home-data.ts'

const meta = (id: string, name: string, unit = 'kWh'): StatisticMeta => ({
  id,
  name,
  unit,
  hasMean: false,
  hasSum: true,
})
const entity = (id: string, deviceClass: string | null): Entity => ({
  id,
  name: id,
  areaId: null,
  deviceId: null,
  domain: 'sensor',
  deviceClass,
  stateClass: 'total_increasing',
  unit: null,
  disabled: false,
})
const guess = (metas: readonly StatisticMeta[], entities: readonly Entity[] = []) =>
  guessSources({ areas: [], devices: [], entities }, metas)

test('main meter, its registers, export, solar and battery are told by name, the rest are devices', () => {
  const found = guess([
    meta('sensor.p1_t1', 'Grid import tariff 1'),
    meta('sensor.p1_t2', 'Grid import tariff 2'),
    meta('sensor.p1_back', 'Energy returned to grid'),
    meta('sensor.pv', 'Solar yield'),
    meta('sensor.bat_c', 'Battery charged'),
    meta('sensor.bat_d', 'Battery discharged'),
    meta('sensor.oven', 'Oven'),
  ])
  expect(found).toMatchObject({
    gridFrom: ['sensor.p1_t1', 'sensor.p1_t2'],
    gridTo: ['sensor.p1_back'],
    solar: ['sensor.pv'],
    batteryTo: ['sensor.bat_c'],
    batteryFrom: ['sensor.bat_d'],
    devices: [{ statistic: 'sensor.oven' }],
  })
  expect(found.guess).toBe(
    'No energy preferences are set in the home, so by device class, unit and name Aether took Grid import tariff 1 and Grid import tariff 2 as its main meter, Energy returned to grid as its export meter, Solar yield as its solar meter and Battery discharged and Battery charged as its battery.',
  )
})

test('device class decides what is a meter of energy, gas or water', () => {
  const found = guess(
    [meta('sensor.a', 'Total'), meta('sensor.gas', 'Gas', 'm³'), meta('sensor.heat', 'Heat', 'kWh')],
    [entity('sensor.a', 'energy'), entity('sensor.gas', 'gas'), entity('sensor.heat', 'energy_storage')],
  )
  expect(found.gridFrom).toEqual(['sensor.a'])
  expect(found.devices).toEqual([])
  expect(found.supplies).toEqual([{ type: 'gas', statistic: 'sensor.gas', cost: null }])
})

test('where no meter is plainly the main one, none is taken, and that is said', () => {
  const found = guess([meta('sensor.a', 'Oven'), meta('sensor.b', 'Fridge')])
  expect(found.gridFrom).toEqual([])
  expect(found.guess).toMatch(/no meter is plainly the main one/)
})
