import { sql } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { findConversation } from '../../../../shared/storage/conversations/find-conversation.ts'
import { conversationHeads, conversations } from '../../../../shared/storage/schema/conversations.ts'
import { withDatabase } from '../../../harness/database.ts'
import { newRun } from '../runs/support.ts'

const database = withDatabase()
beforeEach(() => database.db.execute(sql`truncate conversations, runs, idempotency_keys cascade`))

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))

async function conversation(id: string, owner = 'alice', clientId: string | null = null) {
  await database.db
    .insert(conversations)
    .values({ id, owner, clientId, title: 't', createdAt: at(0), updatedAt: at(0) })
}
const head = (conversationId: string, hash: string, minute: number, owner = 'alice') =>
  database.db.insert(conversationHeads).values({ owner, hash, conversationId, createdAt: at(minute) })
const find = (heads: string[], owner = 'alice') =>
  findConversation(database.db, { owner, key: { id: null, clientId: null, heads } })

test('the longest known head wins; none known means a new conversation', async () => {
  await conversation('conv_a')
  await conversation('conv_b')
  await head('conv_a', 'short', 1)
  await head('conv_b', 'long', 2)
  expect(await find(['unknown', 'long', 'short'])).toBe('conv_b')
  expect(await find(['short'])).toBe('conv_a')
  expect(await find(['unknown'])).toBeNull()
  expect(await find([])).toBeNull()
})

test("another owner's head is not seen", async () => {
  await conversation('conv_a')
  await head('conv_a', 'h', 1)
  expect(await find(['h'], 'bob')).toBeNull()
})

test('of conversations that read alike, the newest that nobody has gone on with; where all have gone on, none', async () => {
  await conversation('conv_a')
  await conversation('conv_b')
  await head('conv_a', 'same', 5)
  await head('conv_b', 'same', 6)
  expect(await find(['same'])).toBe('conv_b')
  const goOn = (id: string) =>
    newRun(database.db, { conversation: { id, clientId: null, heads: [] }, at: at(10) })
  await goOn('conv_b')
  expect(await find(['same'])).toBe('conv_a')
  await goOn('conv_a')
  expect(await find(['same'])).toBeNull()
})

test("a client's own name is found for its owner alone", async () => {
  await conversation('conv_a', 'alice', 'body:kitchen')
  const named = (owner: string) =>
    findConversation(database.db, { owner, key: { id: null, clientId: 'body:kitchen', heads: [] } })
  expect(await named('alice')).toBe('conv_a')
  expect(await named('bob')).toBeNull()
})

test('an id of ours that is not there is an error, not a new conversation', async () => {
  await conversation('conv_a', 'bob')
  const byId = findConversation(database.db, {
    owner: 'alice',
    key: { id: 'conv_a', clientId: null, heads: [] },
  })
  await expect(byId).rejects.toMatchObject({ code: 'NOT_FOUND', details: { param: 'conversation_id' } })
})
