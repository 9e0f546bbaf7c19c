import { and, eq } from 'drizzle-orm'
import { AetherError } from '../../errors/aether-error.ts'
import { idempotencyKeys, runs } from '../schema/runs.ts'
import type { DbOrTx, RunRow } from './rows.ts'

const KEPT_MS = 24 * 60 * 60_000

/** An Idempotency-Key and the hash of the body that it came with. */
export interface Idempotency {
  readonly key: string
  readonly bodyHash: string
}

/**
 * The run that a key stands for; null for a new or outlived key, and for one whose run failed in a way that a further
 * try can mend: the client was told to repeat the request, and must not get the same failure back. Another body is
 * IDEMPOTENCY_MISMATCH.
 */
export async function attachByKey(
  tx: DbOrTx,
  owner: string,
  input: Idempotency,
  at: Date,
): Promise<RunRow | null> {
  const mine = and(eq(idempotencyKeys.owner, owner), eq(idempotencyKeys.key, input.key))
  const [kept] = await tx.select().from(idempotencyKeys).where(mine)
  if (kept === undefined) return null
  if (kept.createdAt.getTime() <= at.getTime() - KEPT_MS) {
    await tx.delete(idempotencyKeys).where(mine)
    return null
  }
  if (kept.bodyHash !== input.bodyHash) throw new AetherError('IDEMPOTENCY_MISMATCH')
  const [run] = await tx.select().from(runs).where(eq(runs.id, kept.runId))
  if (run?.state === 'failed' && run.error?.retryable === true) {
    await tx.delete(idempotencyKeys).where(mine)
    return null
  }
  return run ?? null
}

/** Binds a key to its run. */
export async function keepKey(
  tx: DbOrTx,
  owner: string,
  input: Idempotency,
  runId: string,
  at: Date,
): Promise<void> {
  await tx.insert(idempotencyKeys).values({ owner, ...input, runId, createdAt: at })
}
