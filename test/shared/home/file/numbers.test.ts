import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNumber } from '../../../../shared/home/file/numbers.ts'

describe('readNumber', () => {
  it.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    [' 2 ', 2],
  ])('reads %j', (text, value) => {
    expect(readNumber(text, { decimalComma: false })).toBe(value)
  })

  it.each(['', 'x', '1 2', '0x10', 'NaN', 'Infinity', '1e999', '1.2.3', '--1', '1,5'])(
    'refuses %j',
    (text) => {
      expect(readNumber(text, { decimalComma: false })).toBeNull()
    },
  )

  it('takes a decimal comma where it may, but no separators of thousands', () => {
    expect(readNumber('1,5', { decimalComma: true })).toBe(1.5)
    expect(readNumber('1.5', { decimalComma: true })).toBe(1.5)
    expect(readNumber('1.234,5', { decimalComma: true })).toBeNull()
  })

  it('reads what it is written from', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readNumber(String(value), { decimalComma: false })).toBe(Number(String(value)))
      }),
    )
  })
})
