import { describe, expect, it } from 'vitest'
import { readHeader } from '../../../../shared/home/file/columns.ts'

describe('readHeader', () => {
  it('makes ids of device names, each its own', () => {
    const { columns } = readHeader(
      ['end', 'grid_import_kwh', 'device:Küche & Bad', 'DEVICE:EV', 'device:ev', 'device:冷蔵庫', 'device:'],
      'meter.csv',
    )
    expect(columns.filter((one) => one.role === 'device').map((one) => [one.id, one.name])).toEqual([
      ['file:device_kuche_bad', 'Küche & Bad'],
      ['file:device_ev', 'EV'],
      ['file:device_ev_2', 'ev'],
      ['file:device_6', '冷蔵庫'],
      ['file:device_7', 'Device 7'],
    ])
  })

  it('keeps a hostile device name as a name, with a plain id', () => {
    const name = `"); import os; os.system('id') #`
    const { columns } = readHeader(['start', 'grid_import_kwh', `device:${name}`], 'meter.csv')
    expect(columns[1]).toMatchObject({ id: 'file:device_import_os_os_system_id', name, header: 'column 3' })
  })

  it('lets start count where both times are there', () => {
    const { time } = readHeader(['end', 'start', 'grid_import_kwh'], 'meter.csv')
    expect(time).toEqual({ index: 1, kind: 'start' })
  })
})
