import { describe, expect, it } from 'vitest'
import { flagsInShort, notesInShort } from '../../../../functions/ds_analysts/energy/oddities.ts'
import type { Flag } from '../../../../shared/analysis/series/series.ts'
import type { DataNote } from '../../../../shared/domain/home-data.ts'

const HOUR = 3_600_000
const gap = (at: number, hours: number): DataNote => ({
  kind: 'gap',
  at,
  lengthMs: hours * HOUR,
  text: `${hours} rows are missing.`,
})

describe('notesInShort', () => {
  it('tells two gaps one by one', () => {
    expect(notesInShort([gap(0, 2), gap(1, 3)])).toEqual([
      { text: '2 rows are missing.', count: 1 },
      { text: '3 rows are missing.', count: 1 },
    ])
  })

  it('counts and adds up three', () => {
    expect(notesInShort([gap(0, 2), gap(1, 3), gap(2, 4)])).toEqual([
      { text: 'There are 3 gaps in these days, 9 h in all. The first: 2 rows are missing.', count: 3 },
    ])
  })

  it('counts what has no length, and leaves other notes alone', () => {
    const twice: DataNote = { kind: 'duplicate', at: 0, text: 'A row is there twice.' }
    const order: DataNote = { kind: 'order', at: null, text: 'Rows were sorted.' }
    expect(notesInShort([order, twice, twice, twice]).map(({ text }) => text)).toEqual([
      'Rows were sorted.',
      'There are 3 repeated rows in these days. The first: A row is there twice.',
    ])
  })
})

describe('flagsInShort', () => {
  const flag = (kind: Flag['kind'], id: string, day: number, hours: number): Flag => {
    const start = Date.parse('2026-06-01T00:00:00Z') + day * 24 * HOUR
    return { kind, ids: [id], start, end: start + hours * HOUR, effect: `no data for ${hours} h` }
  }
  const say = (flags: Flag[]) => flagsInShort(flags, ({ ids }) => `meter ${ids[0]}`, 'UTC')

  it('adds up the gaps of each meter', () => {
    const flags = [0, 1, 2, 3].map((day) => flag('gap', 'a', day, 3))
    expect(say([...flags, flag('gap', 'b', 0, 5)])).toEqual([
      {
        text: 'Meter a: no data for 3 h (Mon 1 Jun 2026, 00:00 to Mon 1 Jun 2026, 03:00). There are 4 such gaps, 12 h in all.',
        count: 4,
      },
      { text: expect.stringContaining('Meter b: no data for 5 h'), count: 1 },
    ])
  })

  it('counts what else is found again and again', () => {
    const [oddity] = say([0, 1, 2].map((day) => flag('reset', 'a', day, 1)))
    expect(oddity).toMatchObject({ count: 3 })
    expect(oddity?.text).toMatch(/The same was found 3 times in these days\.$/)
  })
})
