import { expect, test } from 'vitest'
import { recordUsage } from '../../../../shared/storage/usage/record-usage.ts'
import { sumUsage } from '../../../../shared/storage/usage/sum-usage.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()
const row = (runId: string | null, promptTokens: number) => ({
  owner: 'alice',
  runId,
  service: 'architect',
  model: 'm',
  promptTokens,
  completionTokens: 1,
  totalTokens: promptTokens + 1,
  at: new Date(),
})

test('sums the calls of one run; a background task belongs to none', async () => {
  for (const used of [row('run_1', 10), row('run_1', 20), row('run_2', 5), row(null, 7)])
    await recordUsage(database.db, used)
  expect(await sumUsage(database.db, { runId: 'run_1' })).toEqual({
    promptTokens: 30,
    completionTokens: 2,
    totalTokens: 32,
  })
  expect(await sumUsage(database.db, { runId: 'run_none' })).toEqual({
    promptTokens: 0,
    completionTokens: 0,
    totalTokens: 0,
  })
})
