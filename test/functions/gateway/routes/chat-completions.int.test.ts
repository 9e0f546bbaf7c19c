import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../../../harness/database.ts'
import { ask, createEchoAgent, createTestGateway, parseSse } from '../support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => database.clear())

describe('POST /chat/completions', () => {
  test('streams role first, text, stop with usage, then the end marker', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('hello', { stream: true }))
    expect(response.status).toBe(200)
    const frames = parseSse(await response.text()).map((frame) => frame.data)
    console.log(JSON.stringify(frames, null, 1), Object.fromEntries(response.headers), t.lines)
    expect(frames.at(-1)).toBe('[DONE]')
  })
})
