import { TaskState } from '@a2a-js/sdk'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { stateChange, wholeTextChange } from '../../../../shared/a2a/encode.ts'
import { createDb } from '../../../../shared/storage/db.ts'
import { withDatabase } from '../../../harness/database.ts'
import {
  completed,
  delta,
  never,
  newTask,
  now,
  ref,
  take,
  taskStoreContract,
  working,
} from '../task-store-contract.ts'
import { processesOn } from './support.ts'

const database = withDatabase()
const empty = () => database.db.execute(sql`truncate a2a_tasks cascade`)
const { process, closeAll } = processesOn(database)
afterEach(async () => {
  await closeAll()
  await empty()
})

const RUNS = 12
taskStoreContract(
  'tasks in Postgres',
  async () => {
    await closeAll()
    await empty()
    return process({ now })
  },
  RUNS,
)
taskStoreContract(
  'tasks in Postgres, polled',
  async () => {
    await closeAll()
    await empty()
    return process({ now, polls: true })
  },
  RUNS,
)

const loseLease = () =>
  database.db.execute(
    sql`update a2a_tasks set lease_until = now() - interval '1 second' where lease_until is not null`,
  )

describe.each([
  ['with NOTIFY', false],
  ['polled', true],
])('a second process, %s', (_, polls) => {
  test('reads, lists and finds by message what the first one runs', async () => {
    const [one, two] = [process({ polls }), process({ polls })]
    await one.create(newTask())
    expect(await two.read(ref)).toEqual(await one.read(ref))
    expect(await two.create(newTask({ id: 'task_2' }))).toMatchObject({
      created: false,
      snapshot: { task: { id: 'task_1' } },
    })
    const page = await two.list({ owner: ref.owner, pageSize: 5, includeArtifacts: true, pageToken: '' })
    expect(page.tasks.map((task) => task.id)).toEqual(['task_1'])
  })

  test('of many creates of one message at once one makes the task', async () => {
    const stores = [process({ polls }), process({ polls }), process({ polls })]
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, n) => stores[n % 3]?.create(newTask({ id: `task_${n}` }))),
    )
    expect(made.filter((one) => one?.created)).toHaveLength(1)
    expect(new Set(made.map((one) => one?.snapshot.task.id)).size).toBe(1)
  })

  test('follows what comes to its end, from the start or from now', async () => {
    const [one, two] = [process({ polls }), process({ polls })]
    await one.create(newTask())
    await one.append(ref, 1, [working])
    const start = await two.open(ref, 'start', never())
    const live = await two.open(ref, 'now', never())
    expect(start?.snapshot.generation).toBe(1)
    expect(live?.snapshot.generation).toBe(2)
    const seen = [start && take(start.items), live && take(live.items)]
    await one.append(ref, 2, [working])
    await one.append(ref, 3, [completed])
    expect(await Promise.all(seen)).toEqual([
      ['#2', '#3', '#4'],
      ['#3', '#4'],
    ])
  })

  test('a cancel reaches the one who runs the task', async () => {
    const [one, two] = [process({ polls, heartbeatMs: 50 }), process({ polls })]
    await one.create(newTask())
    const cancelled = new Promise<void>((resolve) => one.watchCancel(ref, resolve))
    expect(await two.requestCancel(ref, 'caller')).toBe(true)
    await cancelled
    await one.append(ref, 1, [stateChange(envelope(2), TaskState.TASK_STATE_CANCELED)])
    expect(await two.requestCancel(ref, 'caller')).toBe(false)
  })

  test('an end that it writes reaches the one who runs the task, and its readers', async () => {
    const [one, two] = [process({ polls, heartbeatMs: 50 }), process({ polls })]
    await one.create(newTask())
    const told = new Promise<void>((resolve) => one.watchCancel(ref, resolve))
    const stream = await one.open(ref, 'start', never())
    const seen = stream && take(stream.items)
    expect(await two.append(ref, 1, [stateChange(envelope(2), TaskState.TASK_STATE_CANCELED)])).toBe(2)
    await told
    expect(await seen).toEqual(['#2'])
    expect(await one.append(ref, 1, [completed])).toBeNull()
  })

  test('a task whose process is gone ends as failed, and its message starts anew', async () => {
    const [one, two] = [process({ polls }), process({ polls })]
    await one.create(newTask())
    const stream = await two.open(ref, 'start', never())
    const seen = stream && take(stream.items)
    await one.close()
    const read = await two.read(ref)
    expect(read?.task.status?.state).toBe(TaskState.TASK_STATE_FAILED)
    expect(read?.task.status?.message?.parts[0]?.content?.value.event).toMatchObject({
      kind: 'error',
      code: 'agent_unavailable',
    })
    expect(await seen).toEqual(['#2'])
    const again = await two.create(newTask({ id: 'task_2' }))
    expect(again).toMatchObject({ created: true, snapshot: { task: { id: 'task_2' } } })
    expect(await one.append(ref, 1, [completed])).toBeNull()
  })

  test('a message whose task lost its process starts anew at once', async () => {
    const [one, two] = [process({ polls }), process({ polls })]
    await one.create(newTask())
    await loseLease()
    expect(await two.create(newTask({ id: 'task_2' }))).toMatchObject({ created: true })
  })

  test('a waiting task is nobody’s: another process carries it on', async () => {
    const [one, two] = [process({ polls }), process({ polls })]
    await one.create(newTask())
    await one.append(ref, 1, [stateChange(envelope(2), TaskState.TASK_STATE_INPUT_REQUIRED)])
    await one.close()
    await loseLease()
    await two.sweep()
    const followUp = { message: newTask({ messageId: 'msg_2' }).message, fingerprint: 'f2' }
    expect(await two.resume(ref, 2, followUp)).toMatchObject({ created: true })
    expect(await two.append(ref, 3, [completed])).toBe(4)
  })
})

const envelope = (number: number) => ({
  taskId: 'task_1',
  contextId: 'conv_1',
  number,
  at: new Date().toISOString(),
  service: 'ds_analysts' as const,
})

test('text reaches another process while it is said, from its beginning, without a gap', async () => {
  const [one, two] = [process(), process()]
  await one.create(newTask())
  const said = 'Ein 👍 Gruß. '.repeat(400)
  one.emit(ref, delta(said, 0))
  const stream = await two.open(ref, 'now', never())
  let text = ''
  const read = (async () => {
    for await (const batch of stream?.items ?? [])
      for (const item of batch)
        if (item.kind === 'delta') {
          expect(item.delta.offset).toBe(text.length)
          text += item.delta.delta
        }
  })()
  while (text.length < said.length) await new Promise((resolve) => setTimeout(resolve, 5))
  one.emit(ref, delta('More.', said.length))
  while (text.length < said.length + 5) await new Promise((resolve) => setTimeout(resolve, 5))
  const late = await two.open(ref, 'now', never())
  expect(late?.snapshot.task.artifacts[0]?.parts[0]?.content?.value).toBe(`${said}More.`)
  await one.append(ref, 1, [wholeTextChange(envelope(2), `${said}More.`, said.length + 5), completed])
  await read
  expect(text).toBe(`${said}More.`)
})

test('a heartbeat keeps the lease of what runs', async () => {
  const one = process({ leaseMs: 150, heartbeatMs: 20 })
  await one.create(newTask())
  const until = async () =>
    (await database.db.execute<{ at: string }>(sql`select lease_until::text as at from a2a_tasks`))[0]?.at ??
    ''
  const before = await until()
  while ((await until()) === before) await new Promise((resolve) => setTimeout(resolve, 10))
  expect((await one.read(ref))?.task.status?.state).toBe(TaskState.TASK_STATE_WORKING)
})

test('a process ends what it ran and runs no more, and leaves what it still runs, whose lease an outage took', async () => {
  const one = process()
  await one.create(newTask())
  await one.create(newTask({ id: 'task_2', messageId: 'msg_2' }))
  const leave = one.watchCancel(ref, () => {})
  leave() // through with the first, whose end could not be stored
  await loseLease()
  await one.sweep()
  const states = [await one.read(ref), await one.read({ ...ref, id: 'task_2' })]
  expect(states.map((read) => read?.task.status?.state)).toEqual([
    TaskState.TASK_STATE_FAILED,
    TaskState.TASK_STATE_WORKING,
  ])
  expect(await one.append({ ...ref, id: 'task_2' }, 1, [working])).toBe(2)
})

test('another service and another owner find nothing', async () => {
  const [one, other] = [process(), process({ service: 'architect' })]
  await one.create(newTask())
  expect(await other.read(ref)).toBeNull()
  expect(await other.requestCancel(ref, 'caller')).toBe(false)
  expect(await one.read({ ...ref, owner: 'architect:ben' })).toBeNull()
  expect(await other.create(newTask({ id: 'task_2' }))).toMatchObject({ created: true })
})

test('what ended long ago is removed', async () => {
  const one = process({ keepMs: 1_000 })
  await one.create(newTask())
  await one.append(ref, 1, [completed])
  await one.sweep()
  expect(await one.read(ref)).not.toBeNull()
  const two = process({ keepMs: 1_000 })
  await database.db.execute(sql`update a2a_tasks set ended_at = now() - interval '1 minute'`)
  await two.sweep()
  expect(await two.read(ref)).toBeNull()
})

test('connections that are ended between the writes of a run lose none of them', async () => {
  // A pool of the run's own: the one of the tests is not what dies here.
  const { db, close } = createDb(database.url, { max: 3 })
  const one = process({ db, polls: true })
  const cut = () =>
    database.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%a2a_%' and query not like '%pg_terminate_backend%'
        and query not like 'truncate%'`)
  await one.create(newTask())
  let generation = 1
  for (let n = 0; n < 12; n++) {
    const cutting = cut()
    const next = await one.append(ref, generation, [n === 11 ? completed : working])
    expect(next).toBe(generation + 1)
    generation = next ?? 0
    await cutting
  }
  const two = process()
  const stream = await two.open(ref, 'start', never())
  expect(stream && (await take(stream.items))).toEqual(Array.from({ length: 12 }, (_, n) => `#${n + 2}`))
  expect((await two.read(ref))?.task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
  await close()
})
