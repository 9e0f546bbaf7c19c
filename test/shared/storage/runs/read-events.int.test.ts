import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { appendEvents } from '../../../../shared/storage/runs/append-events.ts'
import { claimRun } from '../../../../shared/storage/runs/claim-run.ts'
import { readEvents } from '../../../../shared/storage/runs/read-events.ts'
import { withDatabase } from '../../../harness/database.ts'
import { lease, newRun, statusEvent } from './support.ts'

const database = withDatabase()
beforeEach(() => database.db.execute(sql`truncate conversations, runs, llm_usage, idempotency_keys cascade`))

/** A run with events of these lengths, in characters of their text. */
async function runWith(lengths: readonly number[]): Promise<string> {
  const run = await newRun(database.db)
  await claimRun(database.db, { runId: run.id, lease: lease('process-1') })
  const events = lengths.map((length, i) => ({
    ...statusEvent(i + 1),
    event: { kind: 'status', text: 'x'.repeat(length) } as const,
  }))
  await appendEvents(database.db, { runId: run.id, lease: lease('process-1'), events, usage: [] })
  return run.id
}

const page = async (runId: string, after: number, size: { events: number; bytes: number }) => {
  const { events, hasMore } = await readEvents(database.db, { runId, after, size })
  return { seqs: events.map((event) => event.seq), hasMore }
}

describe('a page of events', () => {
  test('ends after so many events, and says whether there may be more', async () => {
    const id = await runWith([10, 10, 10, 10, 10])
    const size = { events: 2, bytes: 100_000 }
    expect(await page(id, 0, size)).toEqual({ seqs: [1, 2], hasMore: true })
    expect(await page(id, 2, size)).toEqual({ seqs: [3, 4], hasMore: true })
    expect(await page(id, 4, size)).toEqual({ seqs: [5], hasMore: false })
    expect(await page(id, 5, size)).toEqual({ seqs: [], hasMore: false })
  })

  test('ends when it has enough bytes, but never before its first event', async () => {
    const id = await runWith([500, 500, 500, 1_500, 10])
    const size = { events: 10, bytes: 1_000 }
    expect(await page(id, 0, size)).toEqual({ seqs: [1, 2], hasMore: true })
    expect(await page(id, 2, size)).toEqual({ seqs: [3, 4], hasMore: true })
    expect(await page(id, 3, size)).toEqual({ seqs: [4], hasMore: true })
    expect(await page(id, 4, size)).toEqual({ seqs: [5], hasMore: false })
  })

  test('holds events as they were stored', async () => {
    const id = await runWith([3])
    const { events } = await readEvents(database.db, { runId: id, after: 0, size: { events: 1, bytes: 1 } })
    expect(events).toEqual([
      { ...statusEvent(1), at: expect.any(Date), event: { kind: 'status', text: 'xxx' } },
    ])
  })
})
