import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm'
import type { Turn } from '../../domain/turn.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { addMessages, firstMessages, type NewMessage } from '../conversations/add-messages.ts'
import { type ConversationKey, findConversation } from '../conversations/find-conversation.ts'
import type { Db } from '../db.ts'
import { conversations } from '../schema/conversations.ts'
import { type RunOptions, runs } from '../schema/runs.ts'
import { checkBudget } from '../usage/check-budget.ts'
import { attachByKey, type Idempotency, keepKey } from './idempotency.ts'
import { type Lease, leaseEnd } from './lease.ts'
import { countOpenRuns } from './read-run.ts'
import { type DbOrTx, type RunRow, storableRecord } from './rows.ts'

/** How long a completed or running run can be found again by a client's retry, and after a cut connection. */
const RETRY_WINDOW_MS = 30 * 60_000
const CUT_WINDOW_MS = 60_000

export interface AcceptInput {
  readonly owner: string
  readonly runId: string
  /** Id of the conversation if one has to be opened. */
  readonly newConversationId: string
  readonly at: Date
  readonly conversation: ConversationKey
  readonly title: string
  /** Hash over all messages of the turn. */
  readonly messageHash: string
  /** Hashes up to each user message before the last: answers that the client never got are looked up by them. */
  readonly askedHashes: readonly string[]
  readonly idempotency: Idempotency | null
  /** The client says that it repeats a request. */
  readonly retry: boolean
  /** All messages to store where the conversation is new, and those after the last answer where it is not. */
  readonly history: readonly NewMessage[]
  readonly fresh: readonly NewMessage[]
  readonly options: RunOptions
  /** Makes the turn, given its conversation and the answers by hash that this conversation has stored. */
  readonly toTurn: (conversationId: string, answers: ReadonlyMap<string, string>) => Turn
  readonly lease: Lease
  readonly maxOpenRuns: number
  /** Tokens that the owner may use in 24 hours, or null. */
  readonly tokensPerDay: number | null
  readonly traceparent: string
}

export interface Accepted {
  /** False: the request has attached to a run that was there before. */
  readonly created: boolean
  readonly run: RunRow
}

/**
 * Accepts a user's turn: conversation, messages and run in one transaction, or attaches it to the run that it repeats
 * (DESIGN 4.2). Requests of one owner are taken one after the other, so that caps and keys hold. Throws
 * RATE_LIMITED, BUDGET_EXHAUSTED, IDEMPOTENCY_MISMATCH, and NOT_FOUND for a conversation that is not there.
 */
export async function acceptRun(db: Db, input: AcceptInput): Promise<Accepted> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${input.owner}, 0))`)
    if (input.idempotency !== null) {
      const run = await attachByKey(tx, input.owner, input.idempotency, input.at)
      if (run !== null) return { created: false, run }
    }
    const found = await findConversation(tx, { owner: input.owner, key: input.conversation })
    // Neither needs the other: together they take one round trip.
    const [run, open] = await Promise.all([
      input.idempotency === null ? attachByRetry(tx, input, found) : null,
      countOpenRuns(tx, { owner: input.owner }),
    ])
    if (run !== null) return { created: false, run }
    if (open >= input.maxOpenRuns)
      throw new AetherError('RATE_LIMITED', undefined, { details: { retryAfterS: 5 } })
    const tokensLeft = await checkBudget(tx, { ...input, perDay: input.tokensPerDay })
    const accepted = { ...input, options: { ...input.options, tokensLeft } }
    const created = await (found === null ? openWith(tx, accepted) : goOnWith(tx, accepted, found))
    if (input.idempotency !== null) await keepKey(tx, input.owner, input.idempotency, created.id, input.at)
    return { created: true, run: created }
  })
}

async function attachByRetry(tx: DbOrTx, input: AcceptInput, found: string | null): Promise<RunRow | null> {
  const known =
    found !== null
      ? eq(runs.conversationId, found)
      : input.conversation.clientId === null
        ? undefined
        : sql`false`
  const again = input.retry
    ? gte(runs.createdAt, new Date(input.at.getTime() - RETRY_WINDOW_MS))
    : gte(runs.cutAt, new Date(input.at.getTime() - CUT_WINDOW_MS))
  const [run] = await tx
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.owner, input.owner),
        eq(runs.messageHash, input.messageHash),
        inArray(runs.state, ['queued', 'running', 'waiting', 'interrupted', 'completed']),
        sql`${runs.options} ->> 'agent' = ${input.options.agent}`,
        sql`${runs.options} ->> 'clientMessageId' is not distinct from ${input.options.clientMessageId}::text`,
        known,
        again,
      ),
    )
    .orderBy(desc(runs.createdAt))
    .limit(1)
  if (run === undefined) return null
  await tx.update(runs).set({ cutAt: null }).where(eq(runs.id, run.id))
  return run
}

/** A new conversation with its messages and its first run. */
async function openWith(tx: DbOrTx, input: AcceptInput): Promise<RunRow> {
  const { newConversationId: conversationId, runId, at, history: messages } = input
  await tx.insert(conversations).values({
    id: conversationId,
    owner: input.owner,
    clientId: input.conversation.clientId,
    title: input.title,
    createdAt: at,
    updatedAt: at,
  })
  const [run] = await Promise.all([
    insertRun(tx, input, conversationId, new Map()),
    firstMessages(tx, { conversationId, runId, at, messages }),
  ])
  return run
}

async function goOnWith(tx: DbOrTx, input: AcceptInput, conversationId: string): Promise<RunRow> {
  const { runId, at } = input
  const earlier = await runsByHash(tx, conversationId, input)
  const asked = earlier.some((run) => run.messageHash === input.messageHash)
  const answers = new Map(earlier.flatMap((r) => (r.answer === null ? [] : [[r.messageHash, r.answer]])))
  // First: it locks the conversation, which a run that ends there does first too.
  await addMessages(tx, { conversationId, runId, at, messages: asked ? [] : input.fresh })
  const [run] = await Promise.all([
    insertRun(tx, input, conversationId, answers),
    tx.update(conversations).set({ updatedAt: at }).where(eq(conversations.id, conversationId)),
  ])
  return run
}

async function insertRun(
  tx: DbOrTx,
  input: AcceptInput,
  conversationId: string,
  answers: ReadonlyMap<string, string>,
): Promise<RunRow> {
  const [run] = await tx
    .insert(runs)
    .values({
      id: input.runId,
      owner: input.owner,
      conversationId,
      state: 'queued',
      options: storableRecord(input.options),
      turn: storableRecord(input.toTurn(conversationId, answers)),
      messageHash: input.messageHash,
      analysisIds: [],
      leaseHolder: input.lease.holder,
      leaseUntil: leaseEnd(input.lease.ms),
      createdAt: input.at,
      traceparent: input.traceparent,
    })
    .returning()
  if (run === undefined) throw new AetherError('INTERNAL')
  return run
}

async function runsByHash(tx: DbOrTx, conversationId: string, input: AcceptInput) {
  return tx
    .select({ messageHash: runs.messageHash, answer: runs.answer })
    .from(runs)
    .where(
      and(
        eq(runs.conversationId, conversationId),
        inArray(runs.messageHash, [input.messageHash, ...input.askedHashes]),
      ),
    )
    .orderBy(runs.createdAt)
}
