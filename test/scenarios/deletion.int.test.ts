import { afterAll, beforeAll, expect, test } from 'vitest'
import { quoted, tablesOf } from '../../infrastructure/node/backup/tables.ts'
import { openPool } from '../../shared/storage/db.ts'
import { ask } from '../harness/chat.ts'
import { wholeProcess } from '../harness/whole-process.ts'

let aether: Awaited<ReturnType<typeof wholeProcess>>
beforeAll(async () => {
  aether = await wholeProcess()
})
afterAll(() => aether.stop())

/** Tables in which a text stands anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const sql = openPool(aether.databaseUrl, { max: 1 })
  try {
    const found: string[] = []
    for (const { name } of await tablesOf(sql)) {
      const query = `select 1 from ${quoted(name)} t where position($1 in t::text) > 0 limit 1`
      if ((await sql.unsafe(query, [text])).length > 0) found.push(name)
    }
    return found
  } finally {
    await sql.end()
  }
}

/** A word that stands nowhere but in one question. */
const WORD = 'xyzzyplugh'

test('what was said and found in a deleted conversation stands nowhere any more', async () => {
  const { response, runId } = await ask(aether, `Analyze my energy usage of last week, ${WORD}`)
  const conversationId = response.headers.get('x-aether-conversation-id') ?? ''
  const kept = await ask(aether, 'Which lights are on?')
  const before = await tablesWith(WORD)
  for (const table of ['conversations', 'messages', 'analyses', 'a2a_messages'])
    expect(before).toContain(table)
  expect(await tablesWith(runId)).toContain('llm_usage')

  const deleted = await aether.fetch(`/api/v1/conversations/${conversationId}`, { method: 'DELETE' })
  expect(deleted.status).toBe(200)
  expect(await tablesWith(WORD)).toEqual([])
  expect(await tablesWith(conversationId)).toEqual([])
  expect(await tablesWith(runId)).toEqual(['llm_usage'])
  expect((await aether.fetch(`/api/v1/runs/${kept.runId}`)).status).toBe(200)
})
