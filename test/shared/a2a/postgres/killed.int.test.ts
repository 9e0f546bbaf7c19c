import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { withDatabase } from '../../../harness/database.ts'
import { messageOf } from '../tck-harness.ts'

const database = withDatabase()
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

/** A real process on the shared database. */
async function start(): Promise<{ url: string; kill(): Promise<unknown> }> {
  const script = join(import.meta.dirname, '../../../tck/serve.ts')
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, DATABASE_URL: database.url, LEASE_MS: '1000' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(child.stdout, 'data')
  const gone = once(child, 'exit')
  return {
    url: String(line).trim(),
    kill: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}

const post = (url: string, body?: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: body === undefined ? null : JSON.stringify(body),
  })
const json = async (response: Promise<Response>) => JSON.parse(await (await response).text())

test('a task whose process is killed ends, in time, for whoever follows it elsewhere', async () => {
  const [one, two] = [await start(), await start()]
  const send = { message: messageOf('tck-wait'), configuration: { returnImmediately: true } }
  const { task } = await json(post(`${one.url}/message:send`, send))
  expect(task.status.state).toBe('TASK_STATE_WORKING')
  const stream = await post(`${two.url}/tasks/${task.id}:subscribe`)
  const text = stream.text()
  await one.kill()
  expect(await text).toMatch(/TASK_STATE_FAILED/)
  const after = await json(fetch(`${two.url}/tasks/${task.id}`, { headers: { 'a2a-version': '1.0' } }))
  expect(after.status.state).toBe('TASK_STATE_FAILED')
})

test('a task that waits survives the death of every process, and is carried on by another', async () => {
  const one = await start()
  const { task } = await json(post(`${one.url}/message:send`, { message: messageOf('tck-input-required') }))
  expect(task.status.state).toBe('TASK_STATE_INPUT_REQUIRED')
  await one.kill()
  const two = await start()
  const answer = { message: messageOf('tck-complete-task', { taskId: task.id }) }
  const { task: done } = await json(post(`${two.url}/message:send`, answer))
  expect(done).toMatchObject({ id: task.id, contextId: task.contextId })
  expect(done.status.state).toBe('TASK_STATE_COMPLETED')
  expect(done.history).toHaveLength(3)
})

test('a cancel through one process ends the task that another one runs', async () => {
  const [one, two] = [await start(), await start()]
  const send = { message: messageOf('tck-wait'), configuration: { returnImmediately: true } }
  const { task } = await json(post(`${one.url}/message:send`, send))
  const cancelled = await json(post(`${two.url}/tasks/${task.id}:cancel`))
  expect(cancelled.status.state).toBe('TASK_STATE_CANCELED')
  const read = await json(fetch(`${one.url}/tasks/${task.id}`, { headers: { 'a2a-version': '1.0' } }))
  expect(read.status.state).toBe('TASK_STATE_CANCELED')
})
