import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHome } from '../../../../infrastructure/node/bootstrap/home.ts'
import { createSecret } from '../../../../shared/config/secret.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const config = {
  assistant: null,
  expose: null,
  data: null,
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  tariff: null,
  demoNow: null,
}
const now = () => Date.parse('2026-11-24T10:00:00Z')
const info = { signal: new AbortController().signal }

function file(name: string, text: string): string {
  const path = join(tempFolder(), name)
  writeFileSync(path, text)
  return path
}

test('without HOME_DATA it is the demo home', async () => {
  expect(await openHome(config, now).source.info(info)).toMatchObject({ source: 'demo' })
})

test('HOME_DATA is a home of its own, HOME_TARIFF its prices', async () => {
  const data = file('meter.csv', 'start,grid_import_kwh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n')
  const tariff = file(
    'tariff.json',
    '{"currency":"EUR","standing_per_day":0.4,"import":[{"rate":0.3,"days":"all"}]}',
  )
  const home = openHome({ ...config, data, tariff }, now).source
  expect(await home.info(info)).toMatchObject({
    source: 'file',
    name: 'meter.csv',
    now: '2026-01-01T02:00:00.000Z',
  })
  expect(await home.tariff(info)).toMatchObject({ standingPerDay: 0.4 })
})

test('what HA_EXPOSE does not name is not seen, in any home', async () => {
  const home = openHome({ ...config, expose: ['kind:light'] }, now).source
  const { entities } = await home.registries(info)
  expect(new Set(entities.map((entity) => entity.domain))).toEqual(new Set(['light']))
  expect(() => openHome({ ...config, expose: ['kind:light', 'hunter 2'] }, now)).toThrow(/^HA_EXPOSE: Part 2/)
})

test('files that cannot be used are one line that names variable, file and place', () => {
  const open = (over: object) => () => openHome({ ...config, ...over }, now)
  expect(open({ data: '/nowhere/meter.csv' })).toThrow(
    'HOME_DATA names /nowhere/meter.csv, but there is no such file.',
  )
  const assistant = { url: 'http://127.0.0.1:1', token: createSecret('t'), caFile: '/nowhere/ca.pem' }
  expect(open({ assistant })).toThrow('HA_CA_FILE names /nowhere/ca.pem, but there is no such file.')
  expect(open({ tariff: '/nowhere/t.json' })).toThrow(
    'HOME_TARIFF names /nowhere/t.json, but there is no such file.',
  )
  expect(open({ data: tempFolder() })).toThrow(/but it cannot be read \(EISDIR\)/)
  const damaged = `start,grid_import_kwh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,hunter2\n`
  expect(open({ data: file('meter.csv', damaged) })).toThrow(/^HOME_DATA: .*meter\.csv.*line 3/)
  expect(open({ data: file('meter.csv', damaged) })).not.toThrow('hunter2')
  expect(open({ data: file('meter.csv', '') })).toThrow(/^HOME_DATA: .*meter\.csv/)
  expect(open({ tariff: file('t.json', '{') })).toThrow(/^HOME_TARIFF: /)
})
