import { type Artifact, type StreamResponse, TaskState } from '@a2a-js/sdk'
import type { AgentEvent, AgentOutput } from '../domain/event.ts'
import type { ServiceName } from '../domain/names.ts'
import { toWire } from '../domain/wire.ts'
import type { AetherError } from '../errors/aether-error.ts'
import { toWireError } from '../errors/wire.ts'
import { agentMessage, dataPart, EVENT_SCHEMA, TEXT_ARTIFACT, type TextDelta, textPart } from './protocol.ts'
import type { TailItem, TaskChange } from './task-store.ts'

/** The task that a change belongs to, and what makes its message ids. */
export interface Envelope {
  readonly taskId: string
  readonly contextId: string
  /** Unique within the task. */
  readonly number: number
  /** UTC ISO 8601. */
  readonly at: string
  /** The service that runs the task. */
  readonly service: ServiceName
}

/** An event of the agent as a status with one data part. */
export function eventChange(envelope: Envelope, event: AgentEvent, state: TaskState): TaskChange {
  const { origin, ...body } = event
  const { taskId, contextId } = envelope
  const part = dataPart({ schema: EVENT_SCHEMA, service: origin ?? envelope.service, event: toWire(body) })
  const message = agentMessage({ messageId: `${taskId}.${envelope.number}`, taskId, contextId }, [part])
  return {
    $case: 'statusUpdate',
    value: { taskId, contextId, status: { state, message, timestamp: envelope.at }, metadata: undefined },
  }
}

/** A status that says nothing but the state. */
export function stateChange(envelope: Envelope, state: TaskState): TaskChange {
  const { taskId, contextId } = envelope
  const status = { state, message: undefined, timestamp: envelope.at }
  return { $case: 'statusUpdate', value: { taskId, contextId, status, metadata: undefined } }
}

/** The error as the event that ends a failed task; the code is the one of our wires. */
export function errorEvent(error: AetherError): AgentEvent {
  return { kind: 'error', ...toWireError(error) }
}

function artifactOf(artifactId: string, parts: Artifact['parts']): Artifact {
  return { artifactId, name: artifactId, description: '', parts, metadata: undefined, extensions: [] }
}

/** A typed result as an artifact that is named after its schema. */
export function outputChange(envelope: Envelope, output: AgentOutput): TaskChange {
  const { taskId, contextId, number } = envelope
  const part = dataPart({ schema: output.schema, data: output.data })
  const artifact = { ...artifactOf(`${output.schema}.${number}`, [part]), name: output.schema }
  return {
    $case: 'artifactUpdate',
    value: { taskId, contextId, artifact, append: false, lastChunk: true, metadata: undefined },
  }
}

/** The whole text. `streamed` says how much of it went out in pieces before, for readers who missed some. */
export function wholeTextChange(envelope: Envelope, text: string, streamed: number): TaskChange {
  const { taskId, contextId, service } = envelope
  const artifact = artifactOf(TEXT_ARTIFACT, [textPart(text)])
  const metadata = { service, streamed }
  return {
    $case: 'artifactUpdate',
    value: { taskId, contextId, artifact, append: false, lastChunk: true, metadata },
  }
}

function deltaPayload(
  ids: { taskId: string; contextId: string; at: string },
  delta: TextDelta,
): NonNullable<StreamResponse['payload']> {
  const { taskId, contextId } = ids
  if (delta.kind === 'reasoning') {
    const event: AgentEvent = { kind: 'reasoning', delta: delta.delta }
    const envelope = { taskId, contextId, at: ids.at, service: delta.service, number: 0 }
    return eventChange(envelope, event, TaskState.TASK_STATE_WORKING)
  }
  return {
    $case: 'artifactUpdate',
    value: {
      taskId,
      contextId,
      artifact: artifactOf(TEXT_ARTIFACT, [textPart(delta.delta)]),
      // The first piece makes the artifact: there is nothing yet to append to.
      append: delta.offset > 0,
      lastChunk: false,
      metadata: { service: delta.service, offset: delta.offset },
    },
  }
}

/** What a tail brings, as the stream's message. */
export function toStreamResponse(
  ids: { readonly taskId: string; readonly contextId: string; readonly at: string },
  item: TailItem,
): StreamResponse {
  return { payload: item.kind === 'change' ? item.change : deltaPayload(ids, item.delta) }
}
