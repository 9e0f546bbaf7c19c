import { type ChangeRow, leaseEnd, sqlOf, type TaskLease } from '../a2a-tasks/rows.ts'
import type { Db } from '../db.ts'
import type { PushConfigRow } from './push-configs.ts'

/** Changes that are to go to one target, in order. */
export interface Delivery extends PushConfigRow {
  readonly attempts: number
  readonly traceparent: string | null
  readonly changes: readonly ChangeRow[]
}

/** Takes what is due of a service's tasks. Of several processes one takes each target. */
export async function claimDeliveries(
  db: Db,
  input: {
    readonly service: string
    readonly lease: TaskLease
    readonly limit: number
    readonly perTarget: number
  },
): Promise<readonly Delivery[]> {
  const sql = sqlOf(db)
  const rows = await sql`
    with due as (
      select c.task_id, c.id from a2a_push_configs c join a2a_tasks t on t.id = c.task_id
      where t.service = ${input.service} and c.dead_at is null
        and c.due_at <= now() + interval '1 millisecond' -- the column rounds, up too
        and (c.lease_until is null or c.lease_until < now()) and c.delivered < t.generation
      order by c.due_at limit ${input.limit}
      for update of c skip locked)
    update a2a_push_configs c set holder = ${input.lease.holder}, lease_until = ${leaseEnd(sql, input.lease.ms)}
    from due, a2a_tasks t
    where c.task_id = due.task_id and c.id = due.id and t.id = c.task_id
    returning c.task_id, c.id, c.url, c.scheme, c.sealed, c.attempts, t.traceparent,
      (select jsonb_agg(jsonb_build_object('generation', e.generation, 'change', e.change) order by e.generation)
        from (select generation, change from a2a_events where task_id = c.task_id and generation > c.delivered
          order by generation limit ${input.perTarget}) e) as changes`
  return rows.map((row) => ({
    taskId: row.task_id,
    id: row.id,
    url: row.url,
    scheme: row.scheme,
    sealed: row.sealed,
    attempts: row.attempts,
    traceparent: row.traceparent || null,
    changes: row.changes ?? [],
  }))
}

/** Notes that a target has got everything up to a generation. */
export async function noteDelivered(
  db: Db,
  input: {
    readonly taskId: string
    readonly id: string
    readonly generation: number
    readonly holder: string
  },
): Promise<void> {
  await sqlOf(db)`
    update a2a_push_configs set delivered = greatest(delivered, ${input.generation}::bigint), attempts = 0,
      due_at = now(), fault = null
    where task_id = ${input.taskId} and id = ${input.id} and holder = ${input.holder}`
}

/** Lets go of a target. After a fault it is tried again later; null means never. */
export async function releaseDelivery(
  db: Db,
  input: {
    readonly taskId: string
    readonly id: string
    readonly holder: string
    readonly fault: { readonly reason: string; readonly retryMs: number | null } | null
  },
): Promise<void> {
  const { fault } = input
  await sqlOf(db)`
    update a2a_push_configs set lease_until = null,
      attempts = attempts + ${fault ? 1 : 0}::int,
      fault = coalesce(${fault?.reason ?? null}, fault),
      dead_at = case when ${fault !== null && fault.retryMs === null}::boolean then now() end,
      due_at = now() + make_interval(secs => ${(fault?.retryMs ?? 0) / 1000}::double precision)
    where task_id = ${input.taskId} and id = ${input.id} and holder = ${input.holder}`
}
