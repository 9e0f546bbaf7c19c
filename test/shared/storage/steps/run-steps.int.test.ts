import { expect, test } from 'vitest'
import { cancelRun } from '../../../../shared/storage/runs/cancel-run.ts'
import { claimRun } from '../../../../shared/storage/runs/claim-run.ts'
import { finishRun } from '../../../../shared/storage/runs/finish-run.ts'
import { readSteps, writeStep } from '../../../../shared/storage/steps/run-steps.ts'
import { withDatabase } from '../../../harness/database.ts'
import { lease, newRun, resultEvent } from '../runs/support.ts'

const database = withDatabase()

test('steps are read in order, up to the first that is missing; one that is done again takes the place', async () => {
  const { db } = database
  const run = await newRun(db)
  const key = { runId: run.id, scope: 'architect' }
  await writeStep(db, key, 1, { name: 'one', output: { text: 'a\u0000b' } })
  await writeStep(db, key, 3, { name: 'three', output: [3] })
  expect(await readSteps(db, key)).toEqual([{ name: 'one', output: { text: 'a\uFFFDb' } }])
  await writeStep(db, key, 2, { name: 'two', output: 'x' })
  await writeStep(db, key, 2, { name: 'two again', output: 'y' })
  expect((await readSteps(db, key)).map((step) => step.name)).toEqual(['one', 'two again', 'three'])
  expect(await readSteps(db, { ...key, scope: 'other' })).toEqual([])
})

test('they go with the end of their run, whatever that is', async () => {
  const { db } = database
  const finished = await newRun(db)
  const cancelled = await newRun(db)
  for (const run of [finished, cancelled])
    await writeStep(db, { runId: run.id, scope: 'a' }, 1, { name: 'one', output: 1 })
  const claimed = await claimRun(db, { runId: finished.id, lease: lease('process-1') })
  expect(claimed?.id).toBe(finished.id)
  const error = { code: 'cancelled', message: 'x', retryable: false }
  await cancelRun(db, { runId: cancelled.id, owner: 'alice', error, at: new Date() })
  await finishRun(db, {
    run: finished,
    holder: 'process-1',
    state: 'completed',
    answer: 'done',
    analysisIds: [],
    error: null,
    last: resultEvent(1),
    headHash: 'head',
    messageId: 'msg_end',
  })
  for (const run of [finished, cancelled])
    expect(await readSteps(db, { runId: run.id, scope: 'a' })).toEqual([])
})
