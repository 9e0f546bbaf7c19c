import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { withDatabase } from '../../../harness/database.ts'
import { json, parseSse } from '../sse.ts'
import { ask, clearTables, createEchoAgent, createTestGateway } from '../support.ts'

const database = withDatabase()
beforeEach(() => clearTables(database.db))

const count = async (table: string): Promise<number> => {
  const [row] = await database.db.execute<{ n: number }>(sql.raw(`select count(*)::int as n from ${table}`))
  return row?.n ?? -1
}
const task = (name: string) => ({ headers: { 'x-openwebui-task': name } })

describe('background tasks', () => {
  test('a full turn of Open WebUI makes exactly one run, and its tokens are all counted', async () => {
    const agent = createEchoAgent()
    const t = createTestGateway(database.db, agent)
    await t.chat(ask('hi'), { headers: { 'x-openwebui-chat-id': 'c1' } })
    for (const name of ['title_generation', 'tags_generation', 'follow_up_generation'])
      expect((await t.chat(ask('### Task: …'), task(name))).status).toBe(200)
    expect(agent.calls).toHaveLength(1)
    expect([await count('runs'), await count('conversations')]).toEqual([1, 1])
    expect(await count("llm_usage where run_id is null and owner = 'key_alice'")).toBe(3)
    expect(t.llm.calls).toHaveLength(3)
    expect(t.llm.calls[0]).toMatchObject({ purpose: 'utility', model: null })
  })

  test('whole: the text, its usage, no run', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('Name this chat', { model: 'aether/utility' }))
    expect(response.headers.get('x-aether-run-id')).toBeNull()
    expect(response.headers.get('x-aether-model')).toBe('test-model')
    expect(await json(response)).toMatchObject({
      object: 'chat.completion',
      model: 'aether/utility',
      choices: [{ message: { role: 'assistant', content: '{"title": "Energy"}' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    })
  })

  test('streamed: role, text, stop, end marker', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    const response = await t.chat(ask('x', { stream: true, metadata: { task: 'title' } }))
    const frames = parseSse(await response.text()).map((frame) => frame.data)
    expect(frames[0].choices[0].delta).toEqual({ role: 'assistant', content: '' })
    expect(frames.map((frame) => frame.choices?.[0]?.delta.content ?? '').join('')).toBe(
      '{"title": "Energy"}',
    )
    expect(frames.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: 10 } })
    expect(frames.at(-1)).toBe('[DONE]')
  })

  test('takes no share of the runs of its key', async () => {
    const t = createTestGateway(database.db, createEchoAgent(), { limits: { concurrentRuns: 0 } })
    expect((await t.chat(ask('a real turn'))).status).toBe(429)
    expect((await t.chat(ask('x'), task('title_generation'))).status).toBe(200)
  })

  test('a model that fails is a typed error', async () => {
    const t = createTestGateway(database.db, createEchoAgent())
    // biome-ignore lint/correctness/useYield: it fails before its first chunk
    t.llm.stream = async function* () {
      throw new Error('boom')
    }
    const response = await t.chat(ask('x'), task('title_generation'))
    expect(response.status).toBe(500)
    const streamed = await (await t.chat(ask('x', { stream: true }), task('title_generation'))).text()
    expect(streamed).toContain('"code":"internal"')
    expect(streamed).not.toContain('boom')
    expect(streamed.endsWith('data: [DONE]\n\n')).toBe(true)
  })
})
