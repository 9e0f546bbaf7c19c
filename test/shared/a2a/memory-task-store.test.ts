import { expect, test } from 'vitest'
import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { completed, never, newTask, now, ref, taskStoreContract } from './task-store-contract.ts'

const store = (max = 10) => createMemoryTaskStore({ max, now })

taskStoreContract('tasks in memory', async () => store())

test('when it is full the oldest that has ended goes; running ones never do', async () => {
  const tasks = store(2)
  await tasks.create(newTask({ id: 'task_1', messageId: 'msg_1' }))
  await tasks.create(newTask({ id: 'task_2', messageId: 'msg_2' }))
  await expect(tasks.create(newTask({ id: 'task_3', messageId: 'msg_3' }))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
  })
  await tasks.append({ ...ref, id: 'task_2' }, 1, [completed])
  await tasks.create(newTask({ id: 'task_3', messageId: 'msg_3' }))
  expect(await tasks.read({ ...ref, id: 'task_2' })).toBeNull()
  expect(await tasks.read({ ...ref, id: 'task_1' })).not.toBeNull()
  expect(await tasks.open({ ...ref, id: 'task_2' }, 'now', never())).toBeNull()
})
