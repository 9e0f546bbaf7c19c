import type { Db } from '../db.ts'
import { runEvents, runs } from '../schema/runs.ts'
import { llmUsage } from '../schema/usage.ts'
import type { UsageRow } from '../usage/record-usage.ts'
import { isHeldBy, type Lease, leaseEnd } from './lease.ts'
import { fromStoredEvent, type StoredEvent } from './rows.ts'

/**
 * Stores a batch of events with the tokens they report and renews the lease, all or nothing. An empty batch is a
 * heartbeat. Safe to repeat after a commit whose word was lost. False: the run has ended or belongs to another process now, and nothing was written.
 */
export async function appendEvents(
  db: Db,
  input: {
    runId: string
    lease: Lease
    events: readonly StoredEvent[]
    usage: readonly UsageRow[]
  },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const held = await tx
      .update(runs)
      .set({ leaseUntil: leaseEnd(input.lease.ms) })
      .where(isHeldBy(input.runId, input.lease.holder))
      .returning({ id: runs.id })
    if (held.length === 0) return false
    if (input.events.length === 0) return true
    const added = await tx
      .insert(runEvents)
      .values(input.events.map((stored) => fromStoredEvent(input.runId, stored)))
      .onConflictDoNothing()
      .returning({ seq: runEvents.seq })
    if (added.length > 0 && input.usage.length > 0) await tx.insert(llmUsage).values([...input.usage])
    return true
  })
}
