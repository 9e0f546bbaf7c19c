import { type Message, TaskState, type TaskStatus } from '@a2a-js/sdk'
import type { Log } from '../../config/log.ts'
import type { Now } from '../../domain/ids.ts'
import type { ServiceName } from '../../domain/names.ts'
import { AetherError } from '../../errors/aether-error.ts'
import { oneAtATime } from '../../http/one-at-a-time.ts'
import { appendChanges, wasWritten } from '../../storage/a2a-tasks/append-changes.ts'
import { createTask } from '../../storage/a2a-tasks/create-task.ts'
import { findMessage, freeMessages } from '../../storage/a2a-tasks/find-message.ts'
import { listTasks } from '../../storage/a2a-tasks/list-tasks.ts'
import { readChanges, readTask } from '../../storage/a2a-tasks/read-task.ts'
import { renewLeases } from '../../storage/a2a-tasks/renew-leases.ts'
import { requestCancel } from '../../storage/a2a-tasks/request-cancel.ts'
import { resumeTask } from '../../storage/a2a-tasks/resume-task.ts'
import type { TaskRow } from '../../storage/a2a-tasks/rows.ts'
import type { Db } from '../../storage/db.ts'
import { persistently } from '../../storage/persistently.ts'
import { storageCall } from '../../storage/storage-call.ts'
import { historyWith, openLive, resumed, snapshotOf, toLiveTask, upToEnd, withText } from '../live-task.ts'
import { cursorOf, tokenOf } from '../page.ts'
import type { NewTask, TaskChange, TaskRef, TaskSnapshot, TaskStore, TaskStream } from '../task-store.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createHeldTasks, type HeldTask } from './held-tasks.ts'
import { endLostTasks, type LostTasksDeps, removeOldTasks } from './lost-tasks.ts'
import { createRemoteFeeds } from './remote-feeds.ts'
import {
  changeToRow,
  itemOf,
  lastStatus,
  messageToRow,
  snapshotOfRow,
  stateToRow,
  statusToRow,
} from './task-rows.ts'
import { formatWord, parseWord, type Words } from './words.ts'

export interface PostgresTaskStoreOptions {
  readonly db: Db
  /** Tasks of other services in the same database are none of its own. */
  readonly service: ServiceName
  /** Names this process; no other one ever has the same. */
  readonly holder: string
  readonly now: Now
  readonly log: Log
  /** How processes hear of each other at once; null where there is no way (workers): then tables are polled. */
  readonly words: Words | null
  readonly leaseMs?: number
  readonly heartbeatMs?: number
  readonly pollMs?: number
  readonly keepMs?: number
}

/** A task store of a process, and its work in the background. */
export interface PostgresTaskStore extends TaskStore {
  /** From now on ends what lost its process and removes what is old, each few seconds. */
  start(): void
  /** One round of that. */
  sweep(): Promise<void>
  /** Ends its work and lets go of the tasks that still run here, so that they are lost at once and not by their lease. */
  close(): Promise<void>
}

const LEASE_MS = 12_000
const SWEEP_MS = 3_000
/** Rounds between two looks for what is old. */
const PURGE_EVERY = 60
const KEEP_MS = 7 * 24 * 60 * 60_000
/** Longest that a caller waits for one statement, and the sweeper for a round. */
const CALL_MS = 2_000
const ROUND_MS = 10_000
const PAGE = 500
const TRIES = 5
const WAITING = [TaskState.TASK_STATE_INPUT_REQUIRED, TaskState.TASK_STATE_AUTH_REQUIRED].map(stateToRow)

/** ISO 8601 of the years that Postgres and people write with four digits. */
const instant = (ms: number) =>
  new Date(Math.min(Math.max(ms, Date.UTC(1000, 0)), Date.UTC(9999, 0))).toISOString()

/**
 * Keeps tasks in Postgres. A task that runs here is read from memory by readers here, who see each change once it is
 * stored; readers elsewhere follow the tables, woken by words where there are some. One insert stands before the first
 * event; changes that come together are stored together; pieces of text are never stored.
 */
export function createPostgresTaskStore(options: PostgresTaskStoreOptions): PostgresTaskStore {
  const { db, service, holder, now, log, words } = options
  const lease = { holder, ms: options.leaseMs ?? LEASE_MS }
  const keyOf = (ref: TaskRef) => ({ service, owner: ref.owner, id: ref.id })
  const call = <T>(work: () => Promise<T>) => storageCall(CALL_MS, work)
  const say = (word: Parameters<typeof formatWord>[0]) => words?.publish(formatWord(word))
  let writes = 0
  const nameWrite = () => `${holder}.${++writes}`

  const held = createHeldTasks({ from: holder, words, now, onCount: (count) => heartbeat.count(count) })
  const heartbeat = createHeartbeat({
    everyMs: options.heartbeatMs ?? (words ? lease.ms / 3 : 1_000),
    held: () => held,
    renew: (ids) => call(() => renewLeases(db, { ids, lease })),
    onLost: (task) => void absorb(task),
    log,
  })
  const feeds = createRemoteFeeds({
    async read(ref, after) {
      const found = await call(() => readChanges(db, { ...keyOf(ref), after, limit: PAGE }))
      if (found?.expired) await sweepLost()
      if (!found) return null
      return { items: found.changes.map(itemOf), over: found.ended && found.changes.length < PAGE }
    },
    words,
    pollMs: options.pollMs ?? (words ? 2_000 : 300),
    log,
  })

  const lostDeps: LostTasksDeps = {
    db,
    service,
    lease,
    running: () => held.ids(),
    now,
    log,
    keepMs: options.keepMs ?? KEEP_MS,
    onChange: (id) => say({ kind: 'changed', id, from: holder }),
  }
  const sweepLost = () => call(() => endLostTasks(lostDeps))

  /** Takes over what somebody else has done to a task that runs here. */
  const absorb = async (task: HeldTask): Promise<void> => {
    try {
      const after = task.live.generation
      const found = await call(() => readChanges(db, { ...keyOf(task.ref), after, limit: PAGE }))
      held.showItems(task, found?.changes.map(itemOf) ?? [])
      if (!found || found.ended) {
        held.stop(task)
        held.drop(task)
      }
    } catch (error) {
      log.warn('a task cannot be read', { task_id: task.ref.id, error })
    }
  }

  const unlisten = words?.listen((text) => {
    const word = parseWord(text)
    if (!word) return
    feeds.hear(word)
    const task = held.byId(word.id)
    if (!task) {
      if (word.kind === 'watch' && held.lastOf(word.id) > word.at)
        say({ kind: 'changed', id: word.id, from: holder })
      return
    }
    // Who cancels waits for the end.
    if (word.kind === 'cancel') task.relay?.watched(task.live, { at: task.live.generation, have: Infinity })
    if (word.kind === 'cancel') held.stop(task)
    if (word.kind === 'watch') task.relay?.watched(task.live, word)
    if (word.kind === 'changed' && word.from !== holder) void absorb(task)
  })

  const working = (): TaskStatus => ({
    state: TaskState.TASK_STATE_WORKING,
    message: undefined,
    timestamp: new Date(now()).toISOString(),
  })

  const readRow = async (ref: TaskRef): Promise<TaskRow | null> => {
    const row = await call(() => readTask(db, keyOf(ref)))
    if (!row?.expired) return row
    await sweepLost()
    return call(() => readTask(db, keyOf(ref)))
  }

  const read = async (ref: TaskRef): Promise<TaskSnapshot | null> => {
    const task = held.get(ref)
    if (task) return snapshotOf(task.live)
    const row = await readRow(ref)
    return row && snapshotOfRow(row)
  }

  /** The task that has got a message before; null when that message may start anew. */
  const known = async (
    owner: string,
    messageId: string,
    fingerprint: string,
  ): Promise<TaskSnapshot | null> => {
    const found = await call(() => findMessage(db, { service, owner, messageId }))
    if (!found) return null
    if (found.fingerprint !== fingerprint)
      throw new AetherError(
        'IDEMPOTENCY_MISMATCH',
        'This messageId was used with another message. Use a new one.',
      )
    if (found.expired) await sweepLost()
    else if (found.cancel === 'left') await call(() => freeMessages(db, found.taskId))
    else return read({ owner, id: found.taskId })
    return null
  }

  const insert = async (task: NewTask): Promise<TaskSnapshot | null> => {
    const { owner, id, contextId, message, fingerprint } = task
    const status = working()
    const { state, status: json, at } = statusToRow(status)
    const created = await call(() =>
      createTask(db, {
        ...keyOf(task),
        contextId,
        messageId: message.messageId,
        fingerprint,
        message: messageToRow(message, id, contextId),
        state,
        status: json,
        at,
        traceparent: task.traceparent ?? '',
        lease,
      }),
    )
    if (!created) return null
    const history: Message[] = [{ ...message, taskId: id, contextId }]
    const snapshot = {
      generation: 1,
      task: { id, contextId, status, artifacts: [], history, metadata: undefined },
    }
    held.take({ owner, id }, snapshot)
    return snapshot
  }

  /** A stored task as its last message found it. */
  const asOfTurn = async (row: TaskRow): Promise<TaskSnapshot> => {
    const found =
      row.turn === 1 ? null : await call(() => readChanges(db, { ...keyOf(row), after: 0, limit: PAGE }))
    const before = found?.changes.filter(({ generation }) => generation <= row.turn) ?? []
    const artifacts = before.map(({ change }) => change).filter((change) => 'artifactUpdate' in change)
    const { task } = snapshotOfRow({ ...row, artifacts })
    return { generation: row.turn, task: { ...task, status: { ...working(), timestamp: row.turnAt } } }
  }

  let sweeper: ReturnType<typeof setInterval> | undefined
  let rounds = 0
  const sweep = async () => {
    await endLostTasks(lostDeps)
    if (rounds++ % PURGE_EVERY === 0) await removeOldTasks(lostDeps)
  }
  const sweepAlone = oneAtATime(() =>
    storageCall(ROUND_MS, sweep).catch((error) => log.warn('tasks were not swept', { error })),
  )

  return {
    async create(task) {
      for (let tries = 0; tries < TRIES; tries++) {
        const made = await insert(task)
        if (made) return { created: true, snapshot: made }
        const snapshot = await known(task.owner, task.message.messageId, task.fingerprint)
        if (snapshot) return { created: false, snapshot }
      }
      throw new AetherError('STORAGE_UNAVAILABLE')
    },

    async resume(ref, generation, { message, fingerprint }) {
      const before = await known(ref.owner, message.messageId, fingerprint)
      if (before) return { created: false, snapshot: before }
      const row = await readRow(ref)
      if (!row || row.generation !== generation) return null
      const live = toLiveTask(snapshotOfRow(row))
      const { contextId } = row
      const history = historyWith(snapshotOf(live).task, message)
      const status = working()
      const change = resumed(live, status)
      const { state, status: json, at } = statusToRow(status)
      const done = await call(() =>
        resumeTask(db, {
          ...keyOf(ref),
          generation,
          waitingStates: WAITING,
          messageId: message.messageId,
          fingerprint,
          said: history.slice(live.history.length).map((said) => messageToRow(said, ref.id, contextId)),
          state,
          status: json,
          at,
          change: changeToRow(change).change,
          write: nameWrite(),
          lease,
        }),
      )
      if (!done) return null
      const { task } = snapshotOf(live)
      const snapshot = { generation: generation + 1, task: { ...task, status, history } }
      held.take(ref, snapshot)
      say({ kind: 'changed', id: ref.id, from: holder })
      return { created: true, snapshot }
    },

    read,

    async list(query) {
      const cursor = query.pageToken === '' ? null : cursorOf(query.pageToken)
      await sweepLost()
      const { tasks, total } = await call(() =>
        listTasks(db, {
          service,
          owner: query.owner,
          contextId: query.contextId || null,
          state: query.status ? stateToRow(query.status) : null,
          after: query.after === undefined ? null : instant(query.after),
          includeArtifacts: query.includeArtifacts,
          limit: query.pageSize + 1,
          cursor: cursor && { at: cursor.time, id: cursor.id },
        }),
      )
      const shown = tasks.slice(0, query.pageSize).map((row) => snapshotOfRow(row).task)
      const last = shown.at(-1)
      return {
        tasks: shown,
        nextPageToken: last && tasks.length > shown.length ? tokenOf(last) : '',
        totalSize: total,
      }
    },

    async append(ref, generation, all) {
      const kept = upToEnd(all)
      const task = held.get(ref)
      const changes = kept.filter((write): write is TaskChange => !('kind' in write))
      if (changes.length === 0) {
        for (const write of kept) if (task && 'kind' in write) held.say(task, write)
        return generation
      }
      const write = nameWrite()
      const done = await persistently(async (again) => {
        const made = await appendChanges(db, {
          ...keyOf(ref),
          generation,
          write,
          changes: changes.map(changeToRow),
          status: lastStatus(changes),
          by: task ? 'held' : 'anybody',
          lease,
        })
        return made || (again && (await wasWritten(db, { id: ref.id, write })))
      })
      if (!task) {
        if (done) say({ kind: 'changed', id: ref.id, from: holder })
      } else if (!done || !held.show(task, generation, kept)) await absorb(task)
      return done ? generation + changes.length : null
    },

    emit(ref, delta) {
      const task = held.get(ref)
      if (task) held.say(task, delta)
    },

    async requestCancel(ref, by) {
      if (!(await call(() => requestCancel(db, { ...keyOf(ref), by })))) return false
      const task = held.get(ref)
      if (task) held.stop(task)
      else say({ kind: 'cancel', id: ref.id })
      return true
    },

    watchCancel(ref, onCancel) {
      const task = held.get(ref)
      if (!task) return () => undefined
      const once = () => {
        task.watchers.delete(once)
        onCancel()
      }
      task.watchers.add(once)
      if (task.stopped) once()
      return () => {
        task.watchers.delete(once)
        // Whoever ran it is through with it: without its end stored, its lease runs out.
        if (task.watchers.size === 0) held.drop(task)
      }
    },

    async open(ref, from, signal): Promise<TaskStream | null> {
      const task = held.get(ref)
      if (task) return openLive(task.live, from, signal)
      const row = await readRow(ref)
      if (!row) return null
      const snapshot = from === 'now' ? snapshotOfRow(row) : await asOfTurn(row)
      const { text, items } = feeds.tail(ref, snapshot.generation, from, signal)
      return { snapshot: from === 'now' ? withText(snapshot, text) : snapshot, items }
    },

    start() {
      sweeper ??= setInterval(sweepAlone, SWEEP_MS)
      void sweepAlone()
    },
    sweep,
    async close() {
      clearInterval(sweeper)
      sweeper = undefined
      unlisten?.()
      heartbeat.stop()
      feeds.close()
      const ids = held.ids()
      if (ids.length > 0) await call(() => renewLeases(db, { ids, lease: { holder, ms: -1 } }))
    },
  }
}
