import { TaskState } from '@a2a-js/sdk'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { stateChange } from '../../../../shared/a2a/encode.ts'
import { endCancelled } from '../../../../shared/a2a/settle.ts'
import type { TaskStore } from '../../../../shared/a2a/task-store.ts'
import { withDatabase } from '../../../harness/database.ts'
import { newTask, take } from '../task-store-contract.ts'
import { processesOn } from './support.ts'

// Two processes with stores, connections and ears of their own on one database; FULL=1 takes the counts of the facts.
const ROUNDS = process.env.FULL === '1' ? 1_000 : 100
const AT_ONCE = 20

const database = withDatabase()
const { process: processOn, closeAll } = processesOn(database)
afterEach(async () => {
  await closeAll()
  await database.db.execute(sql`truncate a2a_tasks cascade`)
})

const owner = 'architect:anna'
const change = (id: string, number: number, state: TaskState) =>
  stateChange(
    {
      taskId: id,
      contextId: 'conv_1',
      number,
      at: new Date().toISOString(),
      service: 'ds_analysts',
    },
    state,
  )

/** Runs a task of a few changes, in steps of random length, and ends it; a cancel ends it at once. */
async function run(tasks: TaskStore, id: string, steps: number): Promise<void> {
  const ref = { owner, id }
  let stopped = false
  const unwatch = tasks.watchCancel(ref, () => {
    stopped = true
  })
  let generation = 1
  for (let n = 0; n <= steps; n++) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4))
    const state = stopped
      ? TaskState.TASK_STATE_CANCELED
      : n === steps
        ? TaskState.TASK_STATE_COMPLETED
        : TaskState.TASK_STATE_WORKING
    const next = await tasks.append(ref, generation, [change(id, generation + 1, state)])
    if (next === null || state === TaskState.TASK_STATE_CANCELED) break
    generation = next
  }
  unwatch()
}

async function inTurns(rounds: number, round: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < rounds) await round(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

test(`${ROUNDS} cancels from the process that does not run the task are told what is stored`, async () => {
  const [one, two] = [processOn(), processOn()]
  const ends: Record<string, number> = {}
  await inTurns(ROUNDS, async (n) => {
    const id = `task_${n}`
    const ref = { owner, id }
    await one.create(newTask({ id, messageId: `m_${n}`, owner }))
    const work = run(one, id, 3)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 12))
    const deps = { tasks: two, now: () => Date.now(), service: 'ds_analysts' as const }
    const told = (await two.requestCancel(ref, 'caller'))
      ? await endCancelled(deps, ref)
      : await two.read(ref)
    await work
    const state = told?.task.status?.state ?? TaskState.UNRECOGNIZED
    expect((await two.read(ref))?.task.status?.state).toBe(state)
    expect((await one.read(ref))?.task.status?.state).toBe(state)
    ends[TaskState[state]] = (ends[TaskState[state]] ?? 0) + 1
  })
  expect(Object.keys(ends).toSorted()).toEqual(['TASK_STATE_CANCELED', 'TASK_STATE_COMPLETED'])
})

test(`${ROUNDS} subscriptions from the process that does not run the task see each change once`, async () => {
  const [one, two] = [processOn(), processOn()]
  await inTurns(ROUNDS, async (n) => {
    const id = `task_${n}`
    const ref = { owner, id }
    const steps = 2 + (n % 7)
    await one.create(newTask({ id, messageId: `m_${n}`, owner }))
    const work = run(one, id, steps)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
    const leave = new AbortController()
    const stream = await two.open(ref, n % 2 === 0 ? 'now' : 'start', leave.signal)
    if (!stream) throw new Error('the task is there')
    const { generation } = stream.snapshot
    const last = steps + 2
    if (generation < last) {
      const expected = Array.from({ length: last - generation }, (_, i) => `#${generation + 1 + i}`)
      expect(await take(stream.items)).toEqual(expected)
    }
    leave.abort()
    await work
  })
})
