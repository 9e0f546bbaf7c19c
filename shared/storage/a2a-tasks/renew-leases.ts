import type { Db } from '../db.ts'
import { leaseEnd, sqlOf, type TaskLease, toJsonText } from './rows.ts'

/** Renews the leases of tasks that a process runs. What is not in the answer is not its own any more. */
export async function renewLeases(
  db: Db,
  input: { readonly ids: readonly string[]; readonly lease: TaskLease },
): Promise<readonly { readonly id: string; readonly cancelled: boolean }[]> {
  const sql = sqlOf(db)
  const rows = await sql`
    update a2a_tasks set lease_until = ${leaseEnd(sql, input.lease.ms)}
    where id in (select jsonb_array_elements_text(${toJsonText(input.ids)}::text::jsonb))
      and holder = ${input.lease.holder} and ended_at is null and lease_until is not null
    returning id, cancel is not null as cancelled`
  return rows.map((row) => ({ id: row.id, cancelled: row.cancelled }))
}
