import type { Db } from '../db.ts'
import { sqlOf, type TaskKey } from './rows.ts'

/** Notes that a task is to end, for whoever runs it; the first one who asks counts. False: it has ended, or is not there. */
export async function requestCancel(
  db: Db,
  input: TaskKey & { readonly by: 'caller' | 'left' },
): Promise<boolean> {
  const rows = await sqlOf(db)`
    update a2a_tasks set cancel = coalesce(cancel, ${input.by})
    where id = ${input.id} and service = ${input.service} and owner = ${input.owner} and ended_at is null
    returning 1`
  return rows.length > 0
}
