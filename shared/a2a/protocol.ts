import { type Message, type Part, Role, TaskState } from '@a2a-js/sdk'
import type { ServiceName } from '../domain/names.ts'

/**
 * Sent by our own callers: when they leave the stream and do not come back, the task is to be cancelled, and the same
 * message may start it anew. Foreign callers just leave.
 */
export const CANCEL_HEADER = 'Aether-Cancel-On-Disconnect'
export const A2A_VERSION = '1.0'
/** The version before, and what a call without a version is. */
export const LEGACY_VERSION = '0.3'

/** Schema of the data part that carries an AgentEvent: `{schema, service, event}`, the event in snake_case. */
export const EVENT_SCHEMA = 'aether.event/v1'
/** The artifact that holds the answer's text. */
export const TEXT_ARTIFACT = 'answer'

export const INPUT_MODES = ['text/plain', 'application/json'] as const
export const OUTPUT_MODES = ['text/plain', 'application/json'] as const

const ENDS = new Set([
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
])

/** True for a state that never changes again. */
export function isEnd(state: TaskState | undefined): boolean {
  return state !== undefined && ENDS.has(state)
}

/** True for a state in which the task waits for its caller, however long. */
export function isWaiting(state: TaskState | undefined): boolean {
  return state === TaskState.TASK_STATE_INPUT_REQUIRED || state === TaskState.TASK_STATE_AUTH_REQUIRED
}

/** A part of plain JSON. */
export function dataPart(value: Record<string, unknown>): Part {
  return {
    content: { $case: 'data', value },
    metadata: undefined,
    filename: '',
    mediaType: 'application/json',
  }
}

/** A part of plain text. */
export function textPart(text: string): Part {
  return {
    content: { $case: 'text', value: text },
    metadata: undefined,
    filename: '',
    mediaType: 'text/plain',
  }
}

/** A message of the agent about its task. */
export function agentMessage(
  ids: { readonly messageId: string; readonly taskId: string; readonly contextId: string },
  parts: Part[],
): Message {
  return { ...ids, role: Role.ROLE_AGENT, parts, metadata: undefined, extensions: [], referenceTaskIds: [] }
}

/** Where an ephemeral piece of text comes from. Offsets count UTF-16 units of the answer's text. */
export interface TextDelta {
  readonly kind: 'text' | 'reasoning'
  readonly delta: string
  readonly offset: number
  readonly service: ServiceName
}
