import { type Task, TaskState } from '@a2a-js/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageOf } from '../../../shared/a2a/page.ts'

const query = { owner: 'o', pageSize: 50, includeArtifacts: true, pageToken: '' }

function task(id: string, minute: number, given: Partial<Task> = {}): Task {
  const timestamp = new Date(Date.UTC(2026, 10, 24, 3, minute)).toISOString()
  const status = { state: TaskState.TASK_STATE_WORKING, message: undefined, timestamp }
  return { id, contextId: 'c', status, artifacts: [], history: [], metadata: undefined, ...given }
}

test('pages give every task once, newest status first, whatever the page size', () => {
  const list = fc.uniqueArray(
    fc.tuple(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '2'), minLength: 1, maxLength: 4 }),
      fc.nat(5),
    ),
    {
      selector: ([id]) => id,
      maxLength: 30,
    },
  )
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 7 }), (entries, pageSize) => {
      const own = entries.map(([id, minute]) => task(id, minute))
      const seen: Task[] = []
      let pageToken = ''
      do {
        const page = pageOf(own, { ...query, pageSize, pageToken })
        expect(page.totalSize).toBe(own.length)
        expect(page.tasks.length).toBeLessThanOrEqual(pageSize)
        seen.push(...page.tasks)
        pageToken = page.nextPageToken
      } while (pageToken !== '')
      expect(new Set(seen.map(({ id }) => id)).size).toBe(own.length)
      expect(seen).toHaveLength(own.length)
      const times = seen.map(({ status }) => status?.timestamp ?? '')
      expect(times).toEqual([...times].sort().reverse())
    }),
  )
})

test('filters: context, status, newer than', () => {
  const done = {
    state: TaskState.TASK_STATE_COMPLETED,
    message: undefined,
    timestamp: task('x', 9).status?.timestamp,
  }
  const own = [task('a', 1), task('b', 2, { contextId: 'd' }), task('c', 9, { status: done })]
  const ids = (given: object) => pageOf(own, { ...query, ...given }).tasks.map(({ id }) => id)
  expect(ids({})).toEqual(['c', 'b', 'a'])
  expect(ids({ contextId: 'd' })).toEqual(['b'])
  expect(ids({ contextId: '' })).toHaveLength(3)
  expect(ids({ status: TaskState.TASK_STATE_COMPLETED })).toEqual(['c'])
  expect(ids({ after: Date.UTC(2026, 10, 24, 3, 1) })).toEqual(['c', 'b'])
})

test.each(['%%%', 'bm90IGEgdG9rZW4gYXQgYWxs', btoa('one')])(
  'a token that is none is refused: %s',
  (pageToken) => {
    expect(() => pageOf([task('a', 1)], { ...query, pageToken })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { param: 'pageToken' } }),
    )
  },
)
