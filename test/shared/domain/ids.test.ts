import { describe, expect, it } from 'vitest'
import { createNewId } from '../../../shared/domain/ids.ts'

describe('createNewId', () => {
  it('makes ids that sort by time and carry their prefix', () => {
    let now = 1_795_000_000_000
    const newId = createNewId(() => now)
    const ids: string[] = []
    for (let i = 0; i < 50; i++) {
      now += 1 + i * 997
      ids.push(newId('run'))
    }
    expect(ids).toEqual(ids.toSorted())
    for (const id of ids) expect(id).toMatch(/^run_[0-9a-hjkmnp-tv-z]{26}$/)
  })

  it('does not repeat itself within one millisecond', () => {
    const newId = createNewId(() => 1)
    expect(new Set(Array.from({ length: 2_000 }, () => newId('msg'))).size).toBe(2_000)
  })
})
