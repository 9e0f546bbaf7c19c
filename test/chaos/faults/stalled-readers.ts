import { randomBytes } from 'node:crypto'
import { gapsOf, openChatClient } from '../../bench/chat-client.ts'
import { quantile } from '../../bench/rounds.ts'
import { startFaultProxy } from '../../harness/fault-proxy.ts'
import { ask, newTag } from '../client.ts'
import { type Fault, spread } from '../fault.ts'
import { judge } from '../judge.ts'
import { getText, openMany, openSockets, rawRequest, readWhole, residentMb } from '../sockets.ts'
import { watchStalls } from '../stalls.ts'
import { until } from '../until.ts'
import { sayVerdict } from '../verdict.ts'
import { openWorld, type World } from '../world.ts'

const GROWTH_MB = 30
const STALL_MS = 15_000
const SLACK_MS = 3_000
/** For the last of them to fill the kernel's buffers, and to be cut. */
const ALL_CUT_MS = 120_000
const LEFT_MS = 1_000
const SLOWER = 1.5
/** Healthy streams at a time. */
const HEALTHY = 4
/** More than the kernel's buffers take for a reader who does not read. */
const EVENTS = 1_200
const EVENT_BYTES = 4_096
/** Readers come in handfuls: what is measured is what they hold, not the rush to their first bytes. */
const HANDFUL = { size: 10, pauseMs: 100 }

/** Readers who read slowly, not at all, from behind a dead link, or leave. */
export const stalledReaders: Fault = {
  id: 'F8',
  title: 'readers at 1 B/s, never reading, half-open, leaving mid-way',
  async run({ full, say }) {
    const each = full ? 200 : 20
    const world = await openWorld({ count: 1, thinkMs: 300 })
    const { pid = 0 } = world.team.program('gateway', 0).child
    const port = Number(new URL(world.team.direct.gateway[0] ?? '').port)
    const deadLink = await startFaultProxy([port])
    try {
      const id = await longRun(world)
      const text = getText(`/api/v1/runs/${id}/events`, world.team.key)
      const calm = await paces(world, full ? 15_000 : 5_000)
      const idleMb = residentMb(pid)
      // As many who read: what is measured below is what those who do not read hold, not what serving so many takes.
      await Promise.all((await openMany(3 * each, HANDFUL, () => rawRequest(port, text))).map(readWhole))
      say(`F8: ${3 * each} readers have read`)
      const before = { mb: residentMb(pid), sockets: openSockets(pid) }
      let most = before.mb
      const watching = setInterval(() => {
        most = Math.max(most, residentMb(pid))
      }, 250)
      const stalls = watchStalls(port, pid)
      const never = await openMany(each, HANDFUL, () => rawRequest(port, text))
      const slow = await openMany(each, HANDFUL, () => rawRequest(port, text))
      const dripping = setInterval(() => {
        for (const socket of slow) socket.read(1)
      }, 1_000)
      // Requests pass, answers do not; then nothing does.
      deadLink.set('held')
      const halfOpen = await openMany(each, HANDFUL, () => rawRequest(deadLink.port, text))
      const stalled = [...never, ...slow, ...halfOpen]
      await until(() => stalls.latest().waiting >= stalled.length, { ms: 10_000, everyMs: 100 })
      deadLink.set('silent')
      const left = await leavers(world, port, each)
      say(`F8: ${stalled.length} readers do not read`)
      const isGone = () => stalls.latest().sockets <= before.sockets + SLACK_SOCKETS
      const healthy = paces(world, full ? 60_000 : 20_000)
      const gone = await until(isGone, { ms: ALL_CUT_MS, everyMs: 100 })
      const busy = await healthy
      clearInterval(dripping)
      clearInterval(watching)
      const { cutAfter } = stalls.latest()
      await stalls.stop()
      for (const socket of stalled) socket.destroy()
      await world.sql`delete from runs where id = ${id}`
      const verdict = await judge(world)
      const after = openSockets(pid)
      const ratio = quantile(busy, 0.99) / quantile(calm, 0.99)
      const violations = [...verdict.violations]
      if (most - before.mb > GROWTH_MB) violations.push(`memory grew by ${(most - before.mb).toFixed(0)} MB`)
      if (!gone) violations.push(`${after} sockets are open, ${before.sockets} were before`)
      if (cutAfter.length < stalled.length)
        violations.push(`${cutAfter.length} stalled readers were seen cut`)
      for (const ms of cutAfter)
        if (Math.abs(ms - STALL_MS) > SLACK_MS)
          violations.push(`a stalled reader was cut after ${ms.toFixed(0)} ms`)
      if (left > LEFT_MS) violations.push(`those who left were gone only after ${left} ms`)
      if (ratio > SLOWER)
        violations.push(`healthy clients waited ${ratio.toFixed(2)} × as long between pieces`)
      return {
        did: `${each} readers of each kind, after ${3 * each} who read`,
        saw: `memory grew by ${(most - before.mb).toFixed(1)} MB from ${before.mb.toFixed(0)} (${idleMb.toFixed(0)} before those who read); ${cutAfter.length} stalled readers cut after ${spread(cutAfter)}; those who left gone after ${left} ms; p99 between pieces ${ratio.toFixed(2)} × calm (${quantile(busy, 0.99).toFixed(0)} ms); ${after} sockets after, ${before.sockets} before; ${sayVerdict(verdict)}`,
        violations,
      }
    } finally {
      await deadLink.close()
      await world.close()
    }
  },
}

/** Kept-alive connections of the load come and go. */
const SLACK_SOCKETS = 8

/** A run whose events are more than any buffer holds. */
async function longRun({ sql }: World): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select id from runs limit 1`
  const from = row?.id ?? ''
  const id = `${from.slice(0, -4)}long`
  await sql`
    insert into runs select (r).* from (
      select jsonb_populate_record(r, jsonb_build_object('id', ${id}::text)) as r from runs r where id = ${from}) as copy`
  const text = randomBytes(EVENT_BYTES / 2).toString('hex')
  await sql`
    insert into run_events (run_id, seq, attempt, at, service, event)
    select ${id}, n, 1, now(), 'gateway', jsonb_build_object('kind', 'status', 'text', ${text}::text || n)
    from generate_series(1, ${EVENTS}::int) as n`
  return id
}

/** Milliseconds between the pieces that healthy clients of an evenly paced model get, for so long; questions go on. */
async function paces(world: World, forMs: number): Promise<number[]> {
  const { url, key } = world.team
  const target = {
    name: 'healthy',
    url,
    path: '/api/v1/chat/completions',
    model: 'aether/utility',
    keys: [key],
  }
  const client = openChatClient(target)
  const end = Date.now() + forMs
  const gaps: number[] = []
  while (Date.now() < end) {
    const streams = Array.from({ length: HEALTHY }, () => client.stream())
    world.asked.push(await ask(world.team, newTag()))
    gaps.push(...(await Promise.all(streams)).flatMap(gapsOf))
  }
  await client.close()
  return gaps
}

/** Many follow a run at work and leave; milliseconds until nothing of them is left. The run itself goes on. */
async function leavers(world: World, port: number, count: number): Promise<number> {
  const { pid = 0 } = world.team.program('gateway', 0).child
  const tag = newTag()
  let id: string | null = null
  const asking = ask(world.team, tag, {
    onRun(run) {
      id = run
    },
  })
  await until(() => id !== null, { ms: 10_000 })
  const before = openSockets(pid)
  const readers = await openMany(count, HANDFUL, () =>
    rawRequest(port, getText(`/api/v1/runs/${id}/events`, world.team.key)),
  )
  await until(() => openSockets(pid) >= before + count, { ms: 2_000 })
  for (const socket of readers) socket.destroy()
  const since = Date.now()
  await until(() => openSockets(pid) <= before + SLACK_SOCKETS, { ms: 10_000 })
  const ms = Date.now() - since
  world.asked.push(await asking)
  return ms
}
