import { describe, expect, it } from 'vitest'
import { parseMeterFile } from '../../../../shared/home/file/meter-file.ts'

const parse = (rows: readonly string[], header = 'start,grid_import_kwh') =>
  parseMeterFile([header, ...rows].join('\n'), {
    timeZone: 'Europe/Berlin',
    currency: null,
    fileName: 'meter.csv',
  })
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 5, 1, hour, minute)).toISOString()
const kwh = (file: ReturnType<typeof parse>) => [...(file.columns[0]?.values ?? [])].map((nano) => nano / 1e9)

describe('tidyRows', () => {
  it('notes each gap with its local times', () => {
    const file = parse([`${at(0)},1`, `${at(1)},1`, `${at(2)},1`, `${at(5)},1`, `${at(6)},1`, `${at(8)},1`])
    expect(file.notes.map((note) => note.text)).toEqual([
      '2 rows are missing from Mon 1 Jun 2026, 05:00 to Mon 1 Jun 2026, 07:00.',
      '1 row is missing from Mon 1 Jun 2026, 09:00 to Mon 1 Jun 2026, 10:00.',
    ])
    expect(file.notes.map((note) => note.at)).toEqual([Date.parse(at(3)), Date.parse(at(7))])
  })

  it('counts a row that is there twice once', () => {
    const file = parse([`${at(0)},1`, `${at(1)},2`, `${at(1)},2`, `${at(2)},3`])
    expect(kwh(file)).toEqual([1, 2, 3])
    expect(file.notes).toEqual([
      {
        kind: 'duplicate',
        at: Date.parse(at(1)),
        text: 'The same row is there twice: line 4 and line 3; it counts once.',
      },
    ])
  })

  it('keeps the first of two rows that contradict each other', () => {
    const file = parse([`${at(0)},1`, `${at(1)},2`, `${at(1)},9`, `${at(2)},3`])
    expect(kwh(file)).toEqual([1, 2, 3])
    expect(file.notes[0]?.text).toBe(
      'Two rows have one time but other values: line 4 and line 3; the first one counts.',
    )
  })

  it('leaves out what overlaps', () => {
    const file = parse([
      `${at(0)},1`,
      `${at(1)},2`,
      `${at(1, 30)},9`,
      `${at(2)},3`,
      `${at(3)},4`,
      `${at(4)},5`,
    ])
    expect(kwh(file)).toEqual([1, 2, 3, 4, 5])
    expect(file.notes[0]?.text).toContain('Rows overlap: line 4 and line 3')
  })

  it('sorts and says so; a file with its newest row first is in order', () => {
    const shuffled = parse([`${at(0)},1`, `${at(2)},3`, `${at(1)},2`, `${at(3)},4`])
    expect(kwh(shuffled)).toEqual([1, 2, 3, 4])
    expect(shuffled.notes).toEqual([
      { kind: 'order', at: null, text: '1 row was out of order (line 4) and was sorted.' },
    ])
    expect(parse([`${at(2)},3`, `${at(1)},2`, `${at(0)},1`]).notes).toEqual([])
  })

  it('tells of midnights that are written under the day that ends', () => {
    const rows: string[] = []
    for (const day of ['2026-06-01', '2026-06-02', '2026-06-03']) {
      for (let hour = 1; hour < 24; hour++) rows.push(`${day}T${String(hour).padStart(2, '0')}:00,1`)
      rows.push(`${day}T00:00,1`)
    }
    const order = parse(rows, 'end,grid_import_kwh').notes.find((note) => note.kind === 'order')
    expect(order?.text).toContain('3 rows were out of order')
    expect(order?.text).toContain('midnight under the day that ends')
  })
})
