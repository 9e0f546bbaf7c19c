import { NO_HINTS } from '../../../../shared/domain/turn.ts'
import type { Db } from '../../../../shared/storage/db.ts'
import { type AcceptInput, acceptRun } from '../../../../shared/storage/runs/accept-run.ts'
import type { RunRow, StoredEvent } from '../../../../shared/storage/runs/rows.ts'

let serial = 0

/** What a plain first turn of `alice` hands to `acceptRun`; every call has ids of its own. */
export function acceptInput(overrides: Partial<AcceptInput> = {}): AcceptInput {
  const n = String(++serial).padStart(6, '0')
  const runId = overrides.runId ?? `run_${n}`
  const question = { id: `msg_${n}`, role: 'user' as const, content: 'How much?' }
  return {
    owner: 'alice',
    runId,
    newConversationId: `conv_${n}`,
    at: new Date(),
    conversation: { id: null, clientId: null, heads: [] },
    title: 'How much?',
    messageHash: `hash_${n}`,
    askedHashes: [],
    idempotency: null,
    retry: false,
    history: [question],
    fresh: [question],
    options: { agent: 'auto', stop: [], clientMessageId: null },
    toTurn: (conversationId) => ({ runId, conversationId, messages: [], hints: NO_HINTS }),
    lease: { holder: 'process-1', ms: 15_000 },
    tokensPerDay: null,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    maxOpenRuns: 10,
    ...overrides,
  }
}

/** A run that has been accepted and nobody has claimed. */
export async function newRun(db: Db, overrides: Partial<AcceptInput> = {}): Promise<RunRow> {
  return (await acceptRun(db, acceptInput(overrides))).run
}

export const lease = (holder: string) => ({ holder, ms: 15_000 })

/** A status event with a seq. */
export const statusEvent = (seq: number): StoredEvent => ({
  seq,
  attempt: 1,
  at: new Date(),
  service: 'architect',
  event: { kind: 'status', text: `event ${seq}` },
})

/** The last event of an answered run. */
export const resultEvent = (seq: number): StoredEvent => ({
  ...statusEvent(seq),
  event: { kind: 'result', text: 'done', analysis_ids: [] },
})
