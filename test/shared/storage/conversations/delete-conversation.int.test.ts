import { expect, test } from 'vitest'
import { deleteConversation } from '../../../../shared/storage/conversations/delete-conversation.ts'
import { rowsOf, storeConversation } from '../../../harness/conversation.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()

test('everything that hangs on a conversation goes with it; the tokens stay counted, another one stays whole', async () => {
  const { db } = database
  const [gone, kept] = [await storeConversation(db), await storeConversation(db)]
  const whole = await rowsOf(db, kept)
  // A new table that holds something of a conversation has to be in `storeConversation`.
  expect(Object.keys(whole).sort()).toEqual([
    'a2a_events',
    'a2a_messages',
    'a2a_tasks',
    'analyses',
    'analysis_attempts',
    'conversation_heads',
    'conversations',
    'findings',
    'idempotency_keys',
    'llm_usage',
    'messages',
    'metrics',
    'run_events',
    'run_feedback',
    'runs',
    'scripts',
  ])
  await deleteConversation(db, { id: gone.conversationId, owner: 'alice' })
  expect(await rowsOf(db, gone)).toEqual({ llm_usage: 1 })
  expect(await rowsOf(db, kept)).toEqual(whole)
})

test('somebody else cannot delete it', async () => {
  const kept = await storeConversation(database.db)
  const input = { id: kept.conversationId, owner: 'bob' }
  await expect(deleteConversation(database.db, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await rowsOf(database.db, kept)).toHaveProperty('runs', 1)
})
