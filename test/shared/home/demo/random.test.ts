import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDraw, remember, smooth } from '../../../../shared/home/demo/random.ts'

describe('createDraw', () => {
  it('gives the same number to the same indices, in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.integer(), fc.integer(), (seed, key, a, b) => {
        const value = createDraw(seed, key)(a, b)
        expect(value).toBe(createDraw(seed, key)(a, b))
        expect(value >= 0 && value < 1).toBe(true)
      }),
    )
  })

  it('spreads evenly over neighbours', () => {
    const draw = createDraw(7, 'spread')
    const bins = new Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const bin = Math.floor(10 * draw(i))
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('smooth', () => {
  it('moves without jumps and meets its nodes', () => {
    const draw = createDraw(1, 'smooth')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (at) => {
        expect(Math.abs(smooth(draw, at + 1, 1000) - smooth(draw, at, 1000))).toBeLessThan(0.0011)
      }),
    )
    expect(smooth(draw, 5000, 1000)).toBe(draw(5))
  })
})

describe('remember', () => {
  it('makes each thing once while it is among the last few', () => {
    const made: number[] = []
    const read = remember((i) => {
      made.push(i)
      return i * 2
    }, 2)
    expect([read(1), read(1), read(2), read(3), read(1)]).toEqual([2, 2, 4, 6, 2])
    expect(made).toEqual([1, 2, 3, 1])
  })
})
