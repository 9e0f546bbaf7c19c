import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createRetention } from '../../../../functions/gateway/runs/retention.ts'
import type { Timers } from '../../../../functions/gateway/runs/timers.ts'
import { createLog } from '../../../../shared/config/log.ts'
import { createMetrics } from '../../../../shared/http/metrics.ts'
import { storeConversation } from '../../../harness/conversation.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()
const DAY = 86_400_000

/** Timers that do not wait, and tell what was planned. */
function noWait(planned: number[]): Timers {
  return {
    after(_, run) {
      queueMicrotask(run)
      return () => {}
    },
    every(ms) {
      planned.push(ms)
      return () => planned.pop()
    },
  }
}

function setUp(keepMs: number | null) {
  const planned: number[] = []
  const lines: string[] = []
  const now = () => Date.now()
  const log = createLog({ write: (line) => lines.push(line), level: 'debug', service: 'x', now, secrets: [] })
  const metrics = createMetrics()
  const timers = noWait(planned)
  const retention = createRetention({ db: database.db, keepMs, timers, now, log, metrics })
  return { retention, planned, lines, metrics }
}

const left = async () => (await database.db.execute(sql`select id from conversations`)).length

test('without RETENTION_DAYS nothing is looked for', async () => {
  await storeConversation(database.db, new Date(0))
  const { retention, planned } = setUp(null)
  retention.start()
  await retention.clean()
  expect([await left(), planned]).toEqual([1, []])
})

test('it deletes batch after batch until nothing is due, counts it, and comes again every hour', async () => {
  for (let i = 0; i < 60; i++) await storeConversation(database.db, new Date(Date.now() - 40 * DAY))
  await storeConversation(database.db)
  const { retention, planned, lines, metrics } = setUp(30 * DAY)
  retention.start()
  await retention.clean()
  expect([await left(), planned]).toEqual([1, [3_600_000]])
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ conversations: 61, level: 'info' })
  expect(await metrics.text()).toContain('aether_retention_deletions_total{kind="conversations"} 61\n')
  retention.stop()
  expect(planned).toEqual([])
})
