import { eq, sql } from 'drizzle-orm'
import type { DbOrTx } from '../runs/rows.ts'
import { messages } from '../schema/conversations.ts'
import { storableText } from '../storable.ts'

export interface NewMessage {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly content: string
}

interface Added {
  readonly conversationId: string
  readonly runId: string | null
  readonly at: Date
  readonly messages: readonly NewMessage[]
}

/** Adds messages at the end of a conversation. The caller's transaction keeps others from adding at the same time. */
export async function addMessages(tx: DbOrTx, input: Added): Promise<void> {
  if (input.messages.length === 0) return
  await tx.execute(sql`select 1 from conversations where id = ${input.conversationId} for update`)
  const [row] = await tx
    .select({ next: sql<number>`coalesce(max(${messages.position}) + 1, 0)::int` })
    .from(messages)
    .where(eq(messages.conversationId, input.conversationId))
  await insert(tx, input, row?.next ?? 0)
}

/** The messages of a conversation that the caller's transaction makes: nobody else knows it yet. */
export async function firstMessages(tx: DbOrTx, input: Added): Promise<void> {
  if (input.messages.length > 0) await insert(tx, input, 0)
}

async function insert(tx: DbOrTx, input: Added, first: number): Promise<void> {
  await tx.insert(messages).values(
    input.messages.map((message, i) => ({
      ...message,
      content: storableText(message.content),
      conversationId: input.conversationId,
      runId: input.runId,
      position: first + i,
      createdAt: input.at,
    })),
  )
}
