import type { AgentEvent, AgentYield } from '../domain/event.ts'
import { SERVICES, type ServiceName } from '../domain/names.ts'
import { fromWire } from '../domain/wire.ts'
import { AetherError } from '../errors/aether-error.ts'
import { codeFromWire } from '../errors/wire.ts'
import { EVENT_SCHEMA, TEXT_ARTIFACT } from './protocol.ts'

/** What JSON gives for an object. */
type Json = Record<string, unknown>

/** Members that an event of a kind must have, with their types; what lacks them is no event of ours. */
const SHAPES: Record<AgentEvent['kind'], Record<string, 'string' | 'number' | 'object'>> = {
  status: { text: 'string' },
  delegation: { from: 'string', to: 'string', reason: 'string' },
  text: { delta: 'string', offset: 'number' },
  reasoning: { delta: 'string' },
  finding: { analysisId: 'string', finding: 'object' },
  attempt: { analysisId: 'string', number: 'number', confidence: 'number', changes: 'object' },
  artifact: { id: 'string', mediaType: 'string', title: 'string', url: 'string' },
  proposal: { id: 'string', title: 'string', hash: 'string' },
  clarify: { question: 'string', options: 'object' },
  usage: { model: 'string', promptTokens: 'number', completionTokens: 'number', totalTokens: 'number' },
  error: { code: 'string', message: 'string' },
  result: { text: 'string', analysisIds: 'object' },
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const records = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : [])

function serviceFrom(value: unknown, fallback: ServiceName): ServiceName {
  return SERVICES.find((name) => name === value) ?? fallback
}

/** An event of the wire, checked member by member; null for a kind or a shape that is not known here. */
function eventFrom(wire: unknown, origin: ServiceName): AgentEvent | null {
  const event = fromWire(wire)
  if (!isRecord(event) || typeof event.kind !== 'string' || !Object.hasOwn(SHAPES, event.kind)) return null
  const shape = SHAPES[event.kind as AgentEvent['kind']]
  for (const [key, type] of Object.entries(shape))
    if (typeof event[key] !== type || event[key] === null) return null
  return { ...event, origin } as unknown as AgentEvent
}

/** The data of the parts of a message or an artifact. */
function dataOf(holder: unknown): Json[] {
  return isRecord(holder)
    ? records(holder.parts)
        .map((part) => part.data)
        .filter(isRecord)
    : []
}

function textOf(holder: Json): string {
  return records(holder.parts)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('')
}

function errorFrom(event: AgentEvent & { kind: 'error' }): AetherError {
  const code = codeFromWire(event.code)
  if (code) return new AetherError(code, event.message)
  return new AetherError('AGENT_UNAVAILABLE', undefined, {
    cause: new Error(`${event.code}: ${event.message}`),
  })
}

/** Reads the payloads of the streams of one message, in their order. */
export interface Decoder {
  /** True once the task has ended; nothing counts after that. */
  ended(): boolean
  /** Id of the task, once it is known. */
  taskId(): string | null
  /** What a payload says. Throws the typed error of a failed task. */
  decode(payload: unknown): AgentYield[]
  /** The stream broke and another one follows, which tells from the beginning: what is known is passed over. */
  again(): void
}

/** What a task said cannot be taken back: the one that began anew cannot go on where it broke off. */
export class TaskReplaced extends AetherError {
  constructor() {
    super('AGENT_UNAVAILABLE', undefined, { cause: new Error('the task is gone, and a new one began') })
  }
}

/**
 * Turns the stream of a peer (ProtoJSON payloads of `StreamResponse`) back into what its agent yielded, each event
 * with the service that it came from. Pieces of text that were missed are taken from the whole text.
 */
export function createDecoder(peer: ServiceName): Decoder {
  let ended = false
  let received = 0
  let taskId: string | null = null
  /** Ids of what was said: of statuses' messages, and of artifacts. */
  const known = new Set<string>()
  let isReplay = false
  let hasContent = false

  /** True for what was not said before. */
  const isNew = (id: unknown): boolean => {
    if (typeof id !== 'string') return true
    if (known.has(id)) return false
    known.add(id)
    isReplay = false
    return true
  }

  const status = (value: unknown): AgentYield[] => {
    if (!isRecord(value)) return []
    const events: AgentEvent[] = []
    for (const data of dataOf(value.message)) {
      if (data.schema !== EVENT_SCHEMA) continue
      const event = eventFrom(data.event, serviceFrom(data.service, peer))
      if (event) events.push(event)
    }
    // Thoughts have no id of their own: those of a replay were most likely told before.
    const isThought = events.some((event) => event.kind === 'reasoning')
    const isKnown = isThought ? isReplay : isRecord(value.message) && !isNew(value.message.messageId)
    const state = value.state
    if (state === 'TASK_STATE_COMPLETED') ended = true
    if (state === 'TASK_STATE_CANCELED') throw new AetherError('CANCELLED')
    if (state === 'TASK_STATE_FAILED' || state === 'TASK_STATE_REJECTED') {
      const error = events.find((event) => event.kind === 'error')
      throw error ? errorFrom(error) : new AetherError('AGENT_UNAVAILABLE')
    }
    if (isKnown) return []
    if (events.some((event) => event.kind !== 'status' && event.kind !== 'delegation')) hasContent = true
    return events
  }

  const text = (artifact: Json, update: Json): AgentYield[] => {
    const metadata = isRecord(update.metadata) ? update.metadata : {}
    const origin = serviceFrom(metadata.service, peer)
    const whole = textOf(artifact)
    if (update.append === true || typeof metadata.offset === 'number') {
      const at = typeof metadata.offset === 'number' ? metadata.offset : received
      const delta = whole.slice(Math.max(0, received - at))
      if (delta === '') return []
      const offset = at + whole.length - delta.length
      received = at + whole.length
      hasContent = true
      return [{ kind: 'text', delta, offset, origin }]
    }
    const streamed = typeof metadata.streamed === 'number' ? metadata.streamed : 0
    const missed = whole.slice(received, streamed)
    const offset = received
    received += missed.length
    if (missed === '') return []
    hasContent = true
    return [{ kind: 'text', delta: missed, offset, origin }]
  }

  const artifactUpdate = (update: Json): AgentYield[] => {
    const { artifact } = update
    if (!isRecord(artifact)) return []
    if (artifact.artifactId === TEXT_ARTIFACT) return text(artifact, update)
    if (!isNew(artifact.artifactId)) return []
    hasContent = true
    return dataOf(artifact).flatMap(({ schema, data }): AgentYield[] =>
      typeof schema === 'string' && isRecord(data) ? [{ kind: 'output', schema, data }] : [],
    )
  }

  /** Which task it is. A new one may tell all from its beginning, unless the one before has said something. */
  const take = (id: unknown) => {
    if (typeof id !== 'string' || id === taskId) return
    if (taskId !== null && hasContent) throw new TaskReplaced()
    taskId = id
    known.clear()
    received = 0
  }

  return {
    // Functions: getters of an object that is made for each call are slow to make, and what they see is collected late.
    ended: () => ended,
    taskId: () => taskId,
    again() {
      isReplay = true
    },
    decode(payload) {
      if (!isRecord(payload)) return []
      if (isRecord(payload.statusUpdate)) return status(payload.statusUpdate.status)
      if (isRecord(payload.artifactUpdate)) return artifactUpdate(payload.artifactUpdate)
      if (!isRecord(payload.task)) return []
      take(payload.task.id)
      const outputs = records(payload.task.artifacts).flatMap((artifact) => artifactUpdate({ artifact }))
      return [...outputs, ...status(payload.task.status)]
    },
  }
}
