import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../../../shared/home/file/csv.ts'

describe('readTable', () => {
  it('keeps the numbers of lines over blank lines and cells of several lines', () => {
    const table = readTable('a,b\n\n1,"x\ny"\r\n\r\n2,z\n', 'meter.csv')
    expect(table.rows).toEqual([
      { line: 3, cells: ['1', 'x\ny'] },
      { line: 6, cells: ['2', 'z'] },
    ])
  })

  it('tells the delimiter by the header', () => {
    expect(readTable('a;b\n1,5;2', 'meter.csv')).toMatchObject({
      delimiter: ';',
      rows: [{ cells: ['1,5', '2'] }],
    })
    expect(readTable('a,b\n1;5,2', 'meter.csv')).toMatchObject({
      delimiter: ',',
      rows: [{ cells: ['1;5', '2'] }],
    })
    expect(readTable('a,"b;\nc ""d;"" e"\n1,2', 'meter.csv')).toMatchObject({
      delimiter: ',',
      header: ['a', 'b;\nc "d;" e'],
    })
    expect(readTable('"a,\nb";c\n1,5;2', 'meter.csv')).toMatchObject({
      delimiter: ';',
      header: ['a,\nb', 'c'],
    })
  })

  it('reads quoted cells with delimiters and quotes in them', () => {
    expect(readTable('"a ""x""","b, c"\n"",2', 'meter.csv')).toMatchObject({
      header: ['a "x"', 'b, c'],
      rows: [{ line: 2, cells: ['', '2'] }],
    })
    for (const text of ['a,b\n1,"2', 'a,b\n"1"x,2', 'a,b\n1,"2""'])
      expect(() => readTable(text, 'meter.csv')).toThrow(/^meter\.csv line 2: a quoted cell is not closed/)
  })

  it('keeps an empty last cell, and quoted cells as they were written', () => {
    expect(readTable('a,b\n1,', 'meter.csv').rows[0]?.cells).toEqual(['1', ''])
    const cell = fc.stringMatching(/^[a-z",;\n]{0,8}$/).map((text) => `x${text}x`)
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 9 }), (rows) => {
        const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
        const table = readTable(['h,i', ...quoted].join('\n'), 'meter.csv')
        expect(table.rows.map((row) => row.cells)).toEqual(rows)
      }),
    )
  })

  it('reads back what was written, however lines end', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,6}$/)
    const rows = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (cells, end, mark) => {
        const text = `${mark ? '\uFEFF' : ''}${['h,i', ...cells.map((row) => row.join(','))].join(end)}${end}`
        expect(readTable(text, 'meter.csv').rows.map((row) => row.cells)).toEqual(cells)
      }),
    )
  })
})
