import type { AgentEvent, AgentEventBody } from '../../../shared/domain/event.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import type { ServiceName } from '../../../shared/domain/names.ts'
import { addUsage, NO_USAGE, type TokenUsage } from '../../../shared/domain/run.ts'
import { toWire } from '../../../shared/domain/wire.ts'
import type { StoredEvent, WireEvent } from '../../../shared/storage/runs/rows.ts'
import type { UsageRow } from '../../../shared/storage/usage/record-usage.ts'
import type { Channel } from './channel.ts'
import type { FeedItem } from './feed-item.ts'

/** Stored text covers at most a second, or this many characters. */
const TEXT_EVERY_MS = 1_000
const TEXT_SIZE = 4_096
/** An agent that is this many events ahead of the database waits. */
const BACKLOG = 1_000

export interface RecorderDeps {
  readonly owner: string
  readonly runId: string
  readonly attempt: number
  /** Seq of the last event that is stored already. */
  readonly after: number
  readonly channel: Channel
  /** Stores a batch and renews the lease; false when the run is no longer ours. It repeats what an outage failed. */
  readonly store: (events: readonly StoredEvent[], usage: readonly UsageRow[]) => Promise<boolean>
  /** The run is no longer ours, or cannot be written any more. */
  readonly onLost: (cause: unknown) => void
  readonly now: Now
}

/** Turns what an agent yields into the run's stored events and live deltas, in order. */
export interface Recorder {
  /** Takes a piece of the answer's text. */
  text(service: ServiceName, delta: string): void
  /** Takes any other event; `text`, `result` and `error` have their own ways. */
  event(service: ServiceName, event: AgentEvent): void
  /** To be called about once a second: stores text that has waited long enough. */
  tick(): void
  /** Renews the lease. */
  beat(): void
  /** Resolves when the backlog is short enough to go on. */
  room(): Promise<void>
  /** Stores what is left. False when the run is no longer ours. */
  settle(): Promise<boolean>
  /** The event that ends the stream, numbered next; the caller stores and publishes it. */
  last(event: AgentEventBody): StoredEvent
  /** Seq of the newest event that it has taken. */
  readonly seq: number
  readonly answer: string
  /** Items that are not stored or published yet. */
  readonly waiting: number
  /** What the run's log line tells of it. */
  readonly seen: Seen
}

/** Tokens of this try, which models wrote, and when the first text came (epoch ms). */
export interface Seen {
  readonly usage: TokenUsage
  readonly models: readonly string[]
  readonly firstTextAt: number | null
}

type Entry = { readonly item: FeedItem; readonly usage: UsageRow | null }

/**
 * A recorder for one execution. Stored events reach readers only after their commit, so that no reader sees a seq that
 * a crash takes back; text reaches them at once and is stored in coalesced events.
 */
export function createRecorder(deps: RecorderDeps): Recorder {
  let seq = deps.after
  let text = ''
  let storedTo = 0
  let textSince: number | null = null
  let textBy: ServiceName = 'architect'
  let backlog: Entry[] = []
  let writing: Promise<void> | null = null
  let inWriting = 0
  let lost = false
  let usage = NO_USAGE
  const models = new Set<string>()
  let firstTextAt: number | null = null

  const number = (service: ServiceName, event: WireEvent): StoredEvent => ({
    seq: ++seq,
    attempt: deps.attempt,
    at: new Date(deps.now()),
    service,
    event,
  })

  function enqueue(item: FeedItem, row: UsageRow | null = null): void {
    if (lost) return
    backlog.push({ item, usage: row })
    startWriting()
  }

  function startWriting(): void {
    writing ??= write().finally(() => {
      writing = null
      // What came in after the last look at the backlog.
      if (backlog.length > 0 && !lost) startWriting()
    })
  }

  async function store(events: readonly StoredEvent[], rows: readonly UsageRow[]): Promise<boolean> {
    let cause: unknown = 'lease lost'
    try {
      if (await deps.store(events, rows)) return true
    } catch (thrown) {
      cause = thrown
    }
    lost = true
    backlog = []
    deps.onLost(cause)
    return false
  }

  async function write(): Promise<void> {
    while (backlog.length > 0 && !lost) {
      const batch = backlog
      backlog = []
      inWriting = batch.length
      const events = batch.flatMap(({ item }) => (item.kind === 'stored' ? [item.stored] : []))
      const rows = batch.flatMap((entry) => (entry.usage === null ? [] : [entry.usage]))
      if (events.length > 0 && !(await store(events, rows))) return
      for (const { item } of batch) deps.channel.publish(item)
      inWriting = 0
    }
  }

  function storeText(all = false): void {
    // Half a surrogate pair cannot be stored: it waits for its other half.
    const split = !all && /[\uD800-\uDBFF]/.test(text.at(-1) ?? '')
    const end = split ? text.length - 1 : text.length
    if (storedTo >= end) return
    const event: WireEvent = { kind: 'text', delta: text.slice(storedTo, end), offset: storedTo }
    storedTo = end
    textSince = split ? deps.now() : null
    enqueue({ kind: 'stored', stored: number(textBy, event) })
  }

  function storeDueText(): void {
    if (textSince === null) return
    if (text.length - storedTo >= TEXT_SIZE || deps.now() - textSince >= TEXT_EVERY_MS) storeText()
  }

  return {
    text(service, delta) {
      if (delta === '') return
      const offset = text.length
      text += delta
      textBy = service
      firstTextAt ??= deps.now()
      textSince ??= deps.now()
      const event = { kind: 'text', delta, offset } as const
      enqueue({ kind: 'live', live: { attempt: deps.attempt, at: new Date(deps.now()), service, event } })
      storeDueText()
    },
    event(service, event) {
      const { origin: _, ...body } = event
      if (body.kind === 'reasoning') {
        const live = { attempt: deps.attempt, at: new Date(deps.now()), service, event: body }
        return enqueue({ kind: 'live', live })
      }
      let row: UsageRow | null = null
      if (body.kind === 'usage') {
        const { promptTokens, completionTokens, totalTokens, model } = body
        const tokens = { promptTokens, completionTokens, totalTokens }
        usage = addUsage(usage, tokens)
        models.add(model)
        row = {
          owner: deps.owner,
          runId: deps.runId,
          service: body.service,
          model,
          ...tokens,
          at: new Date(deps.now()),
        }
      }
      storeDueText()
      enqueue({ kind: 'stored', stored: number(service, toWire(body) as WireEvent) }, row)
    },
    tick: storeDueText,
    beat() {
      if (!lost && writing === null) void store([], [])
    },
    async room() {
      while (backlog.length > BACKLOG && writing !== null) await writing
    },
    async settle() {
      storeText(true)
      while (writing !== null) await writing
      return !lost
    },
    last: (event) => number('gateway', toWire(event) as WireEvent),
    get seq() {
      return seq
    },
    get answer() {
      return text
    },
    get waiting() {
      return lost ? 0 : backlog.length + inWriting
    },
    get seen() {
      return { usage, models: [...models], firstTextAt }
    },
  }
}
