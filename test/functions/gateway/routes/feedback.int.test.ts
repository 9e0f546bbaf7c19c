import { beforeEach, expect, test } from 'vitest'
import type { Assessment } from '../../../../shared/tracing/mlflow/client.ts'
import { withDatabase } from '../../../harness/database.ts'
import { json } from '../sse.ts'
import {
  ask,
  clearTables,
  createEchoAgent,
  createTestGateway,
  OTHER_KEY,
  READ_KEY,
  runIdOf,
} from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

const TRACE = 'c'.repeat(32)
const headers = { traceparent: `00-${TRACE}-${'d'.repeat(16)}-01` }

/** A trace server that knows the trace, does not know it yet, or is down. */
function traceServer() {
  const state = { answer: 'known' as 'known' | 'unknown' | 'down' }
  const got: Assessment[] = []
  const assess = async (assessment: Assessment) => {
    if (state.answer === 'down') throw new Error('connection refused')
    if (state.answer === 'unknown') return false
    got.push(assessment)
    return true
  }
  return { state, got, assess }
}

test('a rating is kept, and goes to the trace of its run', async () => {
  const { got, assess } = traceServer()
  const t = createTestGateway(database.db, createEchoAgent(), { assess })
  const id = runIdOf(await t.chat(ask('hello'), { headers }))
  const path = `/api/v1/runs/${id}/feedback`
  const response = await t.request(path, { method: 'POST', json: { rating: 'up', comment: ' right on ' } })
  expect(response.status).toBe(200)
  expect(await json(response)).toEqual({
    run_id: id,
    rating: 'up',
    comment: 'right on',
    created_at: expect.any(String),
  })
  await t.settled()
  expect(got).toEqual([
    {
      traceId: TRACE,
      name: 'user_feedback',
      value: true,
      rationale: 'right on',
      source: { type: 'HUMAN', id: 'key_alice' },
    },
  ])
  await t.request(path, { method: 'POST', json: { rating: 'down' } })
  await t.settled()
  expect(got.map(({ value, rationale }) => [value, rationale])).toEqual([
    [true, 'right on'],
    [false, null],
  ])
})

test('what the server cannot take yet is delivered later, once', async () => {
  const { state, got, assess } = traceServer()
  const t = createTestGateway(database.db, createEchoAgent(), { assess })
  const first = runIdOf(await t.chat(ask('one'), { headers }))
  const second = runIdOf(await t.chat(ask('two'), { headers }))
  state.answer = 'unknown'
  await t.request(`/api/v1/runs/${first}/feedback`, { method: 'POST', json: { rating: 'up' } })
  await t.settled()
  state.answer = 'down'
  await t.request(`/api/v1/runs/${second}/feedback`, { method: 'POST', json: { rating: 'down' } })
  await t.settled()
  expect(got).toEqual([])
  expect(t.lines.join()).toContain('feedback waits for the trace server')
  state.answer = 'known'
  const third = runIdOf(await t.chat(ask('three'), { headers }))
  await t.request(`/api/v1/runs/${third}/feedback`, { method: 'POST', json: { rating: 'up' } })
  await t.settled()
  expect(got.map((each) => each.value)).toEqual([true, false, true])
})

test.each([
  [{ rating: 'great' }, 'rating', 'rating must be up or down.'],
  [{}, 'rating', /^rating /],
  [{ rating: 'up', comment: 7 }, 'comment', 'comment must be a string.'],
  [{ rating: 'up', comment: 'x'.repeat(2_001) }, 'comment', 'comment must have at most 2000 characters.'],
  [[], 'rating', /^rating /],
  ['up', 'body', 'body must be an object.'],
])('%j is refused with path and reason', async (body, param, message) => {
  const t = createTestGateway(database.db, createEchoAgent())
  const id = runIdOf(await t.chat(ask('hello')))
  const response = await t.request(`/api/v1/runs/${id}/feedback`, { method: 'POST', json: body })
  expect(response.status).toBe(400)
  const { error } = await json(response)
  expect(error.param).toBe(param)
  expect(error.message).toMatch(message)
})

test("another's run, an unknown one, and a key that only reads", async () => {
  const t = createTestGateway(database.db, createEchoAgent())
  const id = runIdOf(await t.chat(ask('hello')))
  const send = (run: string, key: string) =>
    t.request(`/api/v1/runs/${run}/feedback`, { method: 'POST', key, json: { rating: 'up' } })
  expect((await send(id, OTHER_KEY)).status).toBe(404)
  expect((await send('run_none', OTHER_KEY)).status).toBe(404)
  expect((await send(id, READ_KEY)).status).toBe(403)
})
