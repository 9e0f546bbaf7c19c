import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { acceptRun } from '../../../../shared/storage/runs/accept-run.ts'
import { conversations, messages } from '../../../../shared/storage/schema/conversations.ts'
import { runs } from '../../../../shared/storage/schema/runs.ts'
import { withDatabase } from '../../../harness/database.ts'
import { acceptInput, newRun } from './support.ts'

const database = withDatabase()
beforeEach(() => database.db.execute(sql`truncate conversations, runs, idempotency_keys cascade`))

describe('acceptRun', () => {
  test('stores conversation, message and run together, with the lease of its process', async () => {
    const { created, run } = await acceptRun(database.db, acceptInput())
    expect(created).toBe(true)
    expect(run).toMatchObject({ owner: 'alice', state: 'queued', attempts: 0, leaseHolder: 'process-1' })
    expect(run.leaseUntil?.getTime()).toBeGreaterThan(Date.now())
    const stored = await database.db
      .select()
      .from(messages)
      .where(eq(messages.conversationId, run.conversationId))
    expect(stored).toMatchObject([{ runId: run.id, position: 0, role: 'user', content: 'How much?' }])
  })

  test('all or nothing: a turn that cannot be made leaves nothing behind', async () => {
    const input = acceptInput({
      toTurn: () => {
        throw new Error('no turn')
      },
    })
    await expect(acceptRun(database.db, input)).rejects.toThrow('no turn')
    expect(await database.db.select().from(conversations)).toEqual([])
    expect(await database.db.select().from(messages)).toEqual([])
  })

  test('the cap holds when all come at once', async () => {
    const wishes = Array.from({ length: 20 }, () =>
      acceptRun(database.db, acceptInput({ maxOpenRuns: 5 })).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      ),
    )
    const results = await Promise.all(wishes)
    expect(results.filter((result) => result === 'accepted')).toHaveLength(5)
    expect(results.filter((result) => result === 'RATE_LIMITED')).toHaveLength(15)
  })

  test('one key that comes many times at once is one run', async () => {
    const idempotency = { key: 'k', bodyHash: 'b' }
    const all = await Promise.all(
      Array.from({ length: 10 }, () => acceptRun(database.db, acceptInput({ idempotency }))),
    )
    expect(new Set(all.map(({ run }) => run.id)).size).toBe(1)
    expect(all.filter(({ created }) => created)).toHaveLength(1)
    expect(await database.db.select().from(runs)).toHaveLength(1)
  })

  test('a conversation that goes on gets the new messages alone, a question asked again none', async () => {
    const conversation = { id: null, clientId: 'chat', heads: [] }
    const first = await newRun(database.db, { conversation })
    const history = ['a', 'b', 'c'].map((content, i) => ({
      id: `msg_x${i}`,
      role: 'user' as const,
      content,
    }))
    await newRun(database.db, { conversation, history, fresh: history.slice(2), messageHash: 'again' })
    await newRun(database.db, { conversation, messageHash: 'again' })
    const stored = await database.db
      .select({ content: messages.content })
      .from(messages)
      .where(eq(messages.conversationId, first.conversationId))
      .orderBy(messages.position)
    expect(stored.map((message) => message.content)).toEqual(['How much?', 'c'])
  })

  test('answers that the conversation has stored are handed to the turn by their hash', async () => {
    const conversation = { id: null, clientId: 'chat', heads: [] }
    const first = await newRun(database.db, { conversation, messageHash: 'h1' })
    await database.db.update(runs).set({ answer: 'You used 84.2 kWh.' }).where(eq(runs.id, first.id))
    let answers: ReadonlyMap<string, string> = new Map()
    const plain = acceptInput()
    await newRun(database.db, {
      conversation,
      askedHashes: ['h1', 'h0'],
      toTurn: (id, found) => {
        answers = found
        return plain.toTurn(id, found)
      },
    })
    expect([...answers]).toEqual([['h1', 'You used 84.2 kWh.']])
  })
})
