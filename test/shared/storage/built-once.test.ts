import { expect, test } from 'vitest'
import { builtOnce } from '../../../shared/storage/built-once.ts'
import type { Db } from '../../../shared/storage/db.ts'

test('a query is made once for each database', () => {
  const made: Db[] = []
  const query = builtOnce((db) => {
    made.push(db)
    return { db }
  })
  const [one, other] = [{}, {}] as [Db, Db]
  expect(query(one)).toBe(query(one))
  expect(query(other).db).toBe(other)
  expect(made).toEqual([one, other])
})
