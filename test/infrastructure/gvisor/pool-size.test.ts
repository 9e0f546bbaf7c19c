import { describe, expect, it } from 'vitest'
import { hostNotes } from '../../../infrastructure/gvisor/host.ts'
import { limitsFor, poolSizeFor } from '../../../infrastructure/gvisor/pool-size.ts'

const GIB = 1_073_741_824

describe('poolSizeFor', () => {
  it.each([
    [null, 16, 2],
    [4, 16, 4],
    [99, 64, 16],
    [4, 4, 2],
    [4, 1, 1],
    [0, 16, 0],
  ])('asked for %s with %s GiB: %s wait ready', (asked, gib, size) => {
    expect(poolSizeFor(asked, gib * GIB)).toBe(size)
  })
})

describe('limitsFor', () => {
  it.each([
    [2, 16, 2, 2_048],
    [8, 16, 8, 1_312],
    [2, 1, 1, 544],
    [2, 0.5, 1, 320],
    [0, 4, 2, 1_312],
  ])('%s that wait, %s GiB: %s at once, each with at most %s MiB', (pool, gib, parallel, mostMemoryMb) => {
    expect(limitsFor(pool, gib * GIB)).toEqual({ parallel, mostMemoryMb })
  })
})

describe('hostNotes', () => {
  it('says what a container without an init leads to, and how to give it one', () => {
    expect(hostNotes(4_711)).toEqual([])
    expect(hostNotes(1).join()).toMatch(/zombies[\s\S]*init: true/)
  })
})
