import { Role, TaskState } from '@a2a-js/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stateChange, wholeTextChange } from '../../../shared/a2a/encode.ts'
import { isEnd, textPart } from '../../../shared/a2a/protocol.ts'
import type { NewTask, TailItem, TaskChange, TaskQuery, TaskStore } from '../../../shared/a2a/task-store.ts'

const AT = '2026-11-24T03:00:00.000Z'
/** The clock of the store under test. */
export const now = () => Date.parse(AT)
export const ref = { owner: 'architect:anna', id: 'task_1' }
export const never = () => new AbortController().signal

/** A task of one message; give what differs. */
export function newTask(given: Partial<NewTask> & { messageId?: string } = {}): NewTask {
  const { messageId = 'msg_1', ...rest } = given
  return {
    ...ref,
    contextId: 'conv_1',
    fingerprint: 'f',
    message: {
      messageId,
      contextId: '',
      taskId: '',
      role: Role.ROLE_USER,
      parts: [textPart('hello')],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    },
    ...rest,
  }
}

const envelope = (number: number) => ({
  taskId: 'task_1',
  contextId: 'conv_1',
  number,
  at: AT,
  service: 'ds_analysts' as const,
})
const to = (state: TaskState): TaskChange => stateChange(envelope(0), state)
export const working = to(TaskState.TASK_STATE_WORKING)
export const completed = to(TaskState.TASK_STATE_COMPLETED)
export const delta = (text: string, offset: number) =>
  ({ kind: 'text', delta: text, offset, service: 'ds_analysts' }) as const

/** Everything that a stream brings: `#` and the generation of a change, offset and text of a piece. */
export async function take(batches: AsyncIterable<readonly TailItem[]>): Promise<string[]> {
  const seen: string[] = []
  for await (const batch of batches)
    for (const item of batch)
      seen.push(item.kind === 'delta' ? `${item.delta.offset}:${item.delta.delta}` : `#${item.generation}`)
  return seen
}

/** What every task store must hold, whatever it keeps its tasks in. `store` gives an empty one each time. */
export function taskStoreContract(name: string, store: () => Promise<TaskStore>, runs?: number): void {
  const property = runs === undefined ? {} : { numRuns: runs }
  describe(name, () => {
    test('the same message is the same task, another body is refused, another owner has its own', async () => {
      const tasks = await store()
      expect((await tasks.create(newTask())).created).toBe(true)
      const again = await tasks.create(newTask({ id: 'task_2' }))
      expect(again.created).toBe(false)
      expect(again.snapshot.task.id).toBe('task_1')
      await expect(tasks.create(newTask({ id: 'task_3', fingerprint: 'g' }))).rejects.toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
      })
      const other = await tasks.create(newTask({ id: 'task_4', owner: 'architect:ben' }))
      expect(other.created).toBe(true)
    })

    test('a task begins in WORKING at generation 1 with its message as history', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const snapshot = await tasks.read(ref)
      expect(snapshot).toMatchObject({
        generation: 1,
        task: {
          id: 'task_1',
          contextId: 'conv_1',
          status: { state: TaskState.TASK_STATE_WORKING, timestamp: AT },
        },
      })
      expect(snapshot?.task.history).toMatchObject([
        { messageId: 'msg_1', taskId: 'task_1', contextId: 'conv_1' },
      ])
      expect(await tasks.read({ ...ref, owner: 'architect:ben' })).toBeNull()
    })

    test('a write at another generation changes nothing', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      expect(await tasks.append(ref, 1, [working])).toBe(2)
      expect(await tasks.append(ref, 1, [completed])).toBeNull()
      expect((await tasks.read(ref))?.task.status?.state).toBe(TaskState.TASK_STATE_WORKING)
    })

    test('an end is never left again, whatever is written in whatever order', async () => {
      const state = fc.constantFrom(
        TaskState.TASK_STATE_WORKING,
        TaskState.TASK_STATE_COMPLETED,
        TaskState.TASK_STATE_FAILED,
        TaskState.TASK_STATE_CANCELED,
        TaskState.TASK_STATE_REJECTED,
        TaskState.TASK_STATE_INPUT_REQUIRED,
      )
      const batch = fc.array(state, { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { maxLength: 12 }), async (batches) => {
          const tasks = await store()
          await tasks.create(newTask())
          let ended: TaskState | undefined
          let generation = 1
          for (const states of batches) {
            const next = await tasks.append(ref, generation, states.map(to))
            const snapshot = await tasks.read(ref)
            if (ended !== undefined) {
              expect(next).toBeNull()
              expect(snapshot?.task.status?.state).toBe(ended)
              continue
            }
            const end = states.findIndex(isEnd)
            const applied = end < 0 ? states.length : end + 1
            expect(next).toBe(generation + applied)
            generation += applied
            expect(snapshot?.generation).toBe(generation)
            expect(snapshot?.task.status?.state).toBe(states[applied - 1])
            if (end >= 0) ended = states[end]
          }
        }),
        property,
      )
    })

    test('all readers see the same changes in the same order, whenever they come', async () => {
      const step = fc.oneof(
        fc.constant('change' as const),
        fc.string({ minLength: 1, maxLength: 5 }).map((text) => ({ text })),
        fc.constant('reader' as const),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const tasks = await store()
          await tasks.create(newTask())
          const readers: Promise<string[]>[] = []
          const late: { generation: number; seen: Promise<string[]> }[] = []
          let generation = 1
          let text = ''
          const changes: string[] = []
          const join = async () => {
            const start = await tasks.open(ref, 'start', never())
            const live = await tasks.open(ref, 'now', never())
            if (!start || !live) throw new Error('the task is there')
            readers.push(take(start.items))
            late.push({ generation: live.snapshot.generation, seen: take(live.items) })
          }
          await join()
          for (const each of steps) {
            if (each === 'reader') await join()
            else if (each === 'change') {
              generation = (await tasks.append(ref, generation, [working])) ?? -1
              changes.push(`#${generation}`)
            } else {
              tasks.emit(ref, delta(each.text, text.length))
              text += each.text
            }
          }
          generation = (await tasks.append(ref, generation, [completed])) ?? -1
          changes.push(`#${generation}`)
          for (const seen of await Promise.all(readers)) {
            expect(seen.filter((item) => item.startsWith('#'))).toEqual(changes)
            const pieces = seen
              .filter((item) => !item.startsWith('#'))
              .map((item) => item.slice(item.indexOf(':') + 1))
            expect(pieces.join('')).toBe(text)
          }
          for (const { generation: from, seen } of late)
            expect((await seen).filter((item) => item.startsWith('#'))).toEqual(changes.slice(from - 1))
        }),
        property,
      )
    })

    test('pieces of text that a reader is behind with come as one, up to a change', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const stream = await tasks.open(ref, 'start', never())
      tasks.emit(ref, delta('a', 0))
      tasks.emit(ref, delta('b', 1))
      await tasks.append(ref, 1, [working])
      tasks.emit(ref, delta('c', 2))
      tasks.emit(ref, { ...delta('d', 3), service: 'architect' })
      await tasks.append(ref, 2, [completed])
      expect(stream && (await take(stream.items))).toEqual(['0:ab', '#2', '2:c', '3:d', '#3'])
    })

    test('who comes late finds the text so far in the snapshot, and the whole one after the end', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      tasks.emit(ref, delta('Hello ', 0))
      tasks.emit(ref, delta('you', 6))
      const live = await tasks.open(ref, 'now', never())
      expect(live?.snapshot.task.artifacts).toMatchObject([
        { artifactId: 'answer', parts: [{ content: { value: 'Hello you' } }] },
      ])
      expect((await tasks.read(ref))?.task.artifacts).toEqual([])
      await tasks.append(ref, 1, [wholeTextChange(envelope(2), 'Hello you', 9), completed])
      const after = await tasks.open(ref, 'start', never())
      expect(after && (await take(after.items))).toEqual(['#2', '#3'])
      expect((await tasks.read(ref))?.task.artifacts).toMatchObject([{ artifactId: 'answer' }])
    })

    test('a reader that leaves, or is aborted, ends alone', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const controller = new AbortController()
      const leaving = await tasks.open(ref, 'now', controller.signal)
      const staying = await tasks.open(ref, 'now', never())
      const left = leaving && take(leaving.items)
      const stayed = staying && take(staying.items)
      controller.abort()
      expect(await left).toEqual([])
      await tasks.append(ref, 1, [working, completed])
      expect(await stayed).toEqual(['#2', '#3'])
    })

    test('a cancel reaches the one who watches, once, also when it came first', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      let calls = 0
      const stop = tasks.watchCancel(ref, () => calls++)
      expect(await tasks.requestCancel(ref, 'caller')).toBe(true)
      expect(await tasks.requestCancel(ref, 'caller')).toBe(true)
      expect(calls).toBe(1)
      tasks.watchCancel(ref, () => calls++)
      expect(calls).toBe(2)
      stop()
      await tasks.append(ref, 1, [completed])
      expect(await tasks.requestCancel(ref, 'caller')).toBe(false)
      expect(await tasks.requestCancel({ ...ref, id: 'task_9' }, 'caller')).toBe(false)
    })

    test('a task whose caller left may be asked for anew, one that was cancelled may not', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      await tasks.requestCancel(ref, 'left')
      const again = await tasks.create(newTask({ id: 'task_2' }))
      expect(again.created).toBe(true)
      expect(again.snapshot.task.id).toBe('task_2')
      await tasks.requestCancel({ ...ref, id: 'task_2' }, 'caller')
      expect((await tasks.create(newTask({ id: 'task_3' }))).snapshot.task.id).toBe('task_2')
    })

    test('a waiting task takes one further message, works again, and keeps what was said', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const asked = stateChange(envelope(2), TaskState.TASK_STATE_INPUT_REQUIRED)
      const stream = await tasks.open(ref, 'start', never())
      expect(await tasks.append(ref, 1, [working, asked])).toBe(3)
      expect(stream && (await take(stream.items))).toEqual(['#2', '#3'])
      const followUp = { message: newTask({ messageId: 'msg_2' }).message, fingerprint: 'f2' }
      expect(await tasks.resume(ref, 2, followUp)).toBeNull()
      const again = await tasks.resume(ref, 3, followUp)
      expect(again).toMatchObject({ created: true, snapshot: { generation: 4 } })
      expect(again?.snapshot.task.status?.state).toBe(TaskState.TASK_STATE_WORKING)
      expect(again?.snapshot.task.history.map((message) => message.messageId)).toEqual(['msg_1', 'msg_2'])
      expect(await tasks.resume(ref, 4, followUp)).toMatchObject({ created: false })
      const turn = await tasks.open(ref, 'start', never())
      expect(turn?.snapshot).toMatchObject({ generation: 4 })
      expect(await tasks.append(ref, 4, [completed])).toBe(5)
      expect(turn && (await take(turn.items))).toEqual(['#5'])
      const after = await tasks.open(ref, 'start', never())
      expect(after?.snapshot).toMatchObject({
        generation: 4,
        task: { status: { state: TaskState.TASK_STATE_WORKING } },
      })
      expect(after && (await take(after.items))).toEqual(['#5'])
    })

    test('pieces of an artifact become one', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const piece = (text: string, append: boolean): TaskChange => {
        const change = wholeTextChange(envelope(1), text, 0)
        return { ...change, value: { ...change.value, append } } as TaskChange
      }
      await tasks.append(ref, 1, [piece('a', false), piece('b', true), completed])
      const [artifact] = (await tasks.read(ref))?.task.artifacts ?? []
      expect(artifact?.parts.map((part) => part.content?.value)).toEqual(['a', 'b'])
    })

    test('pages hold the newest first, each task once, without those of others', async () => {
      const tasks = await store()
      for (let n = 1; n <= 5; n++)
        await tasks.create(newTask({ id: `task_${n}`, messageId: `m${n}`, contextId: n < 4 ? 'c1' : 'c2' }))
      await tasks.create(newTask({ id: 'task_6', messageId: 'm6', owner: 'architect:ben' }))
      await tasks.append({ ...ref, id: 'task_2' }, 1, [completed])
      const query = { owner: ref.owner, pageSize: 2, includeArtifacts: false }
      const seen: string[] = []
      let pageToken = ''
      do {
        const page = await tasks.list({ ...query, pageToken })
        expect(page.totalSize).toBe(5)
        seen.push(...page.tasks.map((task) => task.id))
        pageToken = page.nextPageToken
      } while (pageToken !== '')
      expect(seen).toEqual(['task_5', 'task_4', 'task_3', 'task_2', 'task_1'])
      const of = async (given: Partial<TaskQuery>) =>
        (await tasks.list({ ...query, pageSize: 9, pageToken: '', ...given })).tasks.map((task) => task.id)
      expect(await of({ contextId: 'c2' })).toEqual(['task_5', 'task_4'])
      expect(await of({ status: TaskState.TASK_STATE_COMPLETED })).toEqual(['task_2'])
      expect(await of({ after: now() })).toEqual([])
      expect(await of({ after: now() - 1 })).toHaveLength(5)
      await expect(of({ pageToken: 'none' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    })

    test('of two that write at one generation one wins', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const ends = [
        TaskState.TASK_STATE_COMPLETED,
        TaskState.TASK_STATE_CANCELED,
        TaskState.TASK_STATE_FAILED,
      ]
      const won = await Promise.all(ends.map((state) => tasks.append(ref, 1, [to(state)])))
      expect(won.filter((generation) => generation !== null)).toEqual([2])
      const winner = ends[won.findIndex((generation) => generation !== null)]
      expect((await tasks.read(ref))?.task.status?.state).toBe(winner)
    })

    test('what Postgres cannot hold is no reason to lose a task', async () => {
      const tasks = await store()
      await tasks.create(newTask())
      const odd = wholeTextChange(envelope(1), 'a\u0000b\ud800c', 0)
      expect(await tasks.append(ref, 1, [odd, completed])).toBe(3)
      expect((await tasks.read(ref))?.task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
    })
  })
}
