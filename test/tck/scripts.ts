import { type Part, TaskState } from '@a2a-js/sdk'
import { dataPart, textPart } from '../../shared/a2a/protocol.ts'

/** What the test-only agent does: changes of state, artifacts, a wait; or a message instead of a task. */
export type Step =
  | { readonly state: TaskState; readonly says?: string }
  | { readonly artifact: Part; readonly append?: boolean; readonly last?: boolean }
  | { readonly waitMs: number }
export type Script = readonly Step[] | { readonly reply: string }

const {
  TASK_STATE_AUTH_REQUIRED,
  TASK_STATE_WORKING,
  TASK_STATE_COMPLETED,
  TASK_STATE_INPUT_REQUIRED,
  TASK_STATE_REJECTED,
} = TaskState
const working: Step = { state: TASK_STATE_WORKING }
const completed: Step = { state: TASK_STATE_COMPLETED, says: 'Hello from TCK' }
const text = (value: string): Step => ({ artifact: textPart(value) })
const file: Step = {
  artifact: {
    content: { $case: 'raw', value: Buffer.from('output') },
    metadata: undefined,
    filename: 'output.txt',
    mediaType: 'text/plain',
  },
}
const fileUrl: Step = {
  artifact: {
    content: { $case: 'url', value: 'https://example.com/output.txt' },
    metadata: undefined,
    filename: 'output.txt',
    mediaType: 'text/plain',
  },
}
const LONG_MS = 5_000

/**
 * The conformance kit names what it wants to happen by the beginning of a message's id (the scenarios of
 * a2aproject/a2a-tck, branch 1.0-dev); the first name that fits counts.
 */
const SCRIPTS: readonly (readonly [name: string, script: Script])[] = [
  ['tck-complete-task', [completed]],
  ['tck-artifact-text', [text('Generated text content'), completed]],
  ['tck-artifact-file-url', [fileUrl, completed]],
  ['tck-artifact-file', [file, completed]],
  ['tck-artifact-data', [{ artifact: dataPart({ key: 'value', count: 42 }) }, completed]],
  ['tck-message-response', { reply: 'Direct message response' }],
  ['tck-input-required', [{ state: TASK_STATE_INPUT_REQUIRED, says: 'What else?' }]],
  ['tck-auth-required', [{ state: TASK_STATE_AUTH_REQUIRED, says: 'Sign in at https://example.com first.' }]],
  ['tck-wait', [working, { waitMs: 60_000 }]],
  ['tck-reject-task', [{ state: TASK_STATE_REJECTED, says: 'rejected' }]],
  ['tck-stream-001', [working, text('Stream hello from TCK'), completed]],
  ['tck-stream-002', [completed]],
  ['tck-stream-003', [working, text('Stream task lifecycle'), completed]],
  ['tck-stream-ordering-001', [working, text('Ordered output'), completed]],
  ['tck-stream-artifact-text', [working, text('Streamed text content'), completed]],
  ['tck-stream-artifact-file', [working, file, completed]],
  [
    'tck-stream-artifact-chunked',
    [
      working,
      { artifact: textPart('chunk-1 '), last: false },
      { artifact: textPart('chunk-2'), append: true },
      completed,
    ],
  ],
  ['test-resubscribe-message-id', [working, { waitMs: LONG_MS }, completed]],
]

/** The script of a message; what is not named completes. */
export function scriptOf(messageId: string): Script {
  return SCRIPTS.find(([name]) => messageId.startsWith(name))?.[1] ?? [completed]
}
