import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AetherError } from '../../../../shared/errors/aether-error.ts'
import { parseMeterFile } from '../../../../shared/home/file/meter-file.ts'

const parse = (text: string, timeZone = 'Europe/Berlin') =>
  parseMeterFile(text, { timeZone, currency: null, fileName: 'meter.csv' })

function faultOf(text: string): string {
  try {
    parse(text)
  } catch (thrown) {
    if (thrown instanceof AetherError && thrown.code === 'INVALID_INPUT') return thrown.message
    throw thrown
  }
  return 'no fault'
}

const hour = (i: number) => new Date(Date.UTC(2026, 0, 1, i)).toISOString()
const values = (text: string, id = 'file:grid_import') => {
  const column = parse(text).columns.find((one) => one.id === id)
  return [...(column?.values ?? [])].map((nano) => nano / 1e9)
}

describe('parseMeterFile', () => {
  it('reads a comma file with offsets', () => {
    const file = parse(`start,grid_import_kwh\n${hour(0)},0.5\n${hour(1)},1\n${hour(2)},0\n`)
    expect(file.intervalMs).toBe(3_600_000)
    expect([...file.starts].map((at) => new Date(at).toISOString())).toEqual([hour(0), hour(1), hour(2)])
    expect(file.notes).toEqual([])
  })

  it('reads semicolons, decimal commas, a byte order mark, CRLF, blank lines and quotes alike', () => {
    const text = `\uFEFFStart;Grid_Import_kWh;"device:Herd; klein"\r\n2026-01-01T00:00;0,5;1,25\r\n\r\n"2026-01-01 01:00";1;.5\r\n2026-01-01T02:00;0.25;0\r\n\r\n`
    expect(values(text)).toEqual([0.5, 1, 0.25])
    expect(values(text, 'file:device_herd_klein')).toEqual([1.25, 0.5, 0])
    expect(parse(text).starts[0]).toBe(Date.parse('2025-12-31T23:00:00Z'))
  })

  it('takes starts from ends', () => {
    const file = parse('end,grid_import_kwh\n2026-01-01T00:15,1\n2026-01-01T00:30,2\n2026-01-01T00:45,3\n')
    expect(file.intervalMs).toBe(900_000)
    expect(file.starts[0]).toBe(Date.parse('2025-12-31T23:00:00Z'))
  })

  it.each([
    ['', 'meter.csv line 1: the file is empty'],
    ['start,grid_import_kwh\n', 'meter.csv line 1: the file has a header but no rows'],
    ['when,kwh\n1,2\n', 'meter.csv line 1: missing columns: start or end (ISO 8601 times), grid_import_kwh'],
    ['start,solar_kwh\n', 'meter.csv line 1: missing columns: grid_import_kwh'],
    [
      'start,grid_import_kwh,grid_import_kwh\n',
      'meter.csv line 1: the column grid_import_kwh is there twice',
    ],
    [`start,grid_import_kwh,battery_in_kwh\n${hour(0)},1,1\n`, 'battery_in_kwh and battery_out_kwh'],
    [
      `start,grid_import_kwh\n${hour(0)},1\n${hour(1)},SECRET\n`,
      'meter.csv line 3: grid_import_kwh is not a number',
    ],
    [`start,grid_import_kwh\n${hour(0)},1\n\nSECRET,1\n`, 'meter.csv line 4: start is not an ISO 8601 time'],
    [
      `start,grid_import_kwh\n${hour(0)},1\n${hour(1)}\n`,
      'meter.csv line 3: 1 columns where the header has 2',
    ],
    [`start,grid_import_kwh\n${hour(0)},0,5\n`, 'meter.csv line 2: 3 columns where the header has 2'],
    [`start,grid_import_kwh\n${hour(0)},"1\n${hour(1)},2\n`, 'meter.csv line 2: a quoted cell is not closed'],
    [`start,grid_import_kwh\n${hour(0)},1\n`, 'two rows at least'],
    [`start,grid_import_kwh\n${hour(0)},1\n${hour(2)},1\n${hour(4)},1\n`, 'rows are 120 minutes apart'],
    ['start,grid_import_kwh\n2026-01-01T00:00,1\n2026-01-01T00:07,1\n', 'rows are 7 minutes apart'],
  ])('refuses %j with file, line and reason', (text, reason) => {
    const message = faultOf(text)
    expect(message).toContain(reason)
    expect(message).not.toContain('\n')
    expect(message).not.toContain('SECRET')
  })

  it('names the line of damage far down', () => {
    const lines = ['start,grid_import_kwh']
    for (let i = 0; i < 2000; i++) lines.push(`${hour(i)},${i === 1232 ? '0.4?' : '0.4'}`)
    expect(faultOf(lines.join('\n'))).toBe('meter.csv line 1234: grid_import_kwh is not a number')
  })

  it('notes columns that it does not use, and reads the rest', () => {
    const file = parse(`start,grid_import_kwh,comment\n${hour(0)},1,x\n${hour(1)},1,y\n`)
    expect(file.notes).toEqual([
      { kind: 'columns', text: 'Columns of the file that are not used: 3.', at: null },
    ])
  })

  it('leaves out negative energy and takes an empty cell as missing, but a price may be below zero', () => {
    const text = `start,grid_import_kwh,rate\n${hour(0)},-1,-0.05\n${hour(1)},,0.2\n${hour(2)},3,0.3\n`
    const file = parse(text)
    expect(values(text)).toEqual([Number.NaN, Number.NaN, 3])
    expect([...(file.columns[1]?.values ?? [])]).toEqual([-0.05, 0.2, 0.3])
    expect(file.notes.map((note) => [note.kind, note.at])).toEqual([
      ['negative', Date.parse(hour(0))],
      ['gap', Date.parse(hour(1))],
    ])
  })

  it('reads rows in any order as the same home', () => {
    const rows = Array.from({ length: 24 }, (_, i) => `${hour(i)},${i}`)
    const sorted = parse(`start,grid_import_kwh\n${rows.join('\n')}`)
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 24 }), (shuffled) => {
        const file = parse(`start,grid_import_kwh\n${shuffled.join('\n')}`)
        expect(file.starts).toEqual(sorted.starts)
        expect(file.columns[0]?.values).toEqual(sorted.columns[0]?.values)
      }),
    )
  })

  it('never throws anything but a fault with a line', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom(hour(0), hour(1), hour(2), '1', '0,5', '"', '\n', ';'))
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const text = `start,grid_import_kwh\n${rows.map((cells) => cells.join(',')).join('\n')}`
        const message = faultOf(text)
        if (message !== 'no fault') expect(message).toMatch(/^meter\.csv line \d+: /)
      }),
    )
  })
})
