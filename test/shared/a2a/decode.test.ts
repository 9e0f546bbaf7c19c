import { StreamResponse, TaskState } from '@a2a-js/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecoder } from '../../../shared/a2a/decode.ts'
import {
  errorEvent,
  eventChange,
  outputChange,
  stateChange,
  wholeTextChange,
} from '../../../shared/a2a/encode.ts'
import type { TaskChange } from '../../../shared/a2a/task-store.ts'
import type { AgentEvent } from '../../../shared/domain/event.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../shared/errors/table.ts'

const envelope = {
  taskId: 'task_1',
  contextId: 'conv_1',
  number: 2,
  at: '2026-11-24T03:00:00.000Z',
  service: 'ds_analysts' as const,
}
/** As it comes off the wire. */
const wire = (payload: TaskChange): unknown => JSON.parse(JSON.stringify(StreamResponse.toJSON({ payload })))
const sent = (event: AgentEvent, state = TaskState.TASK_STATE_WORKING) =>
  wire(eventChange(envelope, event, state))

const EVENTS: AgentEvent[] = [
  { kind: 'status', text: 'reading', step: 'collect' },
  { kind: 'delegation', from: 'ds_orchestrator', to: 'ds_analysts', reason: 'r', analysts: ['energy'] },
  { kind: 'reasoning', delta: 'hm' },
  {
    kind: 'finding',
    analysisId: 'ana_1',
    finding: {
      id: 'fnd_1',
      analyst: 'energy',
      kind: 'baseload',
      title: 'Baseload',
      statement: 'The baseload is 205 W.',
      confidence: { value: 0.9, factors: [{ name: 'coverage', value: 0.9, reason: 'most of it' }] },
      metricIds: ['met_1'],
      entities: [],
      evidence: [{ kind: 'metric', metricId: 'met_1' }],
    },
  },
  {
    kind: 'attempt',
    analysisId: 'ana_1',
    number: 1,
    confidence: 0.5,
    weakest: 'sample',
    changes: ['longer'],
  },
  { kind: 'attempt', analysisId: 'ana_1', number: 2, confidence: 0.5, weakest: null, changes: [] },
  { kind: 'artifact', id: 'art_1', mediaType: 'image/svg+xml', title: 'Chart', url: '/x' },
  { kind: 'proposal', id: 'prop_1', title: 'Change', hash: 'abc' },
  { kind: 'clarify', question: 'Which?', options: ['a', 'b'] },
  { kind: 'usage', service: 'ds_analysts', model: 'm', promptTokens: 1, completionTokens: 2, totalTokens: 3 },
]

test.each(EVENTS.map((event) => [event.kind, event] as const))(
  '%s arrives as it was sent, with its origin',
  (_kind, event) => {
    expect(createDecoder('ds_analysts').decode(sent(event))).toEqual([{ ...event, origin: 'ds_analysts' }])
  },
)

test('an event that was forwarded keeps the service that it came from', () => {
  const [event] = createDecoder('ds_orchestrator').decode(
    sent({ kind: 'status', text: 'x', origin: 'ds_analysts' }),
  )
  expect(event).toMatchObject({ origin: 'ds_analysts' })
})

test('an output arrives with its data untouched', () => {
  const output = { kind: 'output' as const, schema: 'aether.analysis/v1', data: { a_b: [1, { c_d: null }] } }
  expect(createDecoder('ds_analysts').decode(wire(outputChange(envelope, output)))).toEqual([output])
})

test('the result ends the stream', () => {
  const decoder = createDecoder('ds_analysts')
  const result: AgentEvent = { kind: 'result', text: 'done', analysisIds: ['ana_1'] }
  expect(decoder.decode(sent(result, TaskState.TASK_STATE_COMPLETED))).toEqual([
    { ...result, origin: 'ds_analysts' },
  ])
  expect(decoder.ended()).toBe(true)
})

test.each(Object.keys(ERRORS) as ErrorCode[])('a task that failed with %s throws it again', (code) => {
  const error = new AetherError(code, 'what happened')
  const failed = sent(errorEvent(error), TaskState.TASK_STATE_FAILED)
  expect(() => createDecoder('ds_analysts').decode(failed)).toThrow(
    expect.objectContaining({ code, message: 'what happened' }),
  )
})

test('a task that failed for an unknown reason, or none, is an agent that is not available', () => {
  const unknown = sent(
    { kind: 'error', code: 'weird', message: 'm', retryable: false },
    TaskState.TASK_STATE_FAILED,
  )
  for (const payload of [unknown, wire(stateChange(envelope, TaskState.TASK_STATE_REJECTED))])
    expect(() => createDecoder('ds_analysts').decode(payload)).toThrow(
      expect.objectContaining({ code: 'AGENT_UNAVAILABLE' }),
    )
  expect(() =>
    createDecoder('ds_analysts').decode(wire(stateChange(envelope, TaskState.TASK_STATE_CANCELED))),
  ).toThrow(expect.objectContaining({ code: 'CANCELLED' }))
})

test('of the whole text only what was streamed before and missed is given', () => {
  const piece = (delta: string, offset: number) => ({
    artifactUpdate: {
      append: true,
      artifact: { artifactId: 'answer', parts: [{ text: delta }] },
      metadata: { service: 'ds_analysts', offset },
    },
  })
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.string(), (streamed, cut, more) => {
      const decoder = createDecoder('ds_analysts')
      const seen = streamed.slice(0, cut % (streamed.length + 1))
      const events = [
        ...decoder.decode(piece(seen, 0)),
        ...decoder.decode(wire(wholeTextChange(envelope, streamed + more, streamed.length))),
      ]
      let text = ''
      for (const event of events) {
        if (event.kind !== 'text') throw new Error('only text')
        expect(event.offset).toBe(text.length)
        text += event.delta
      }
      expect(text).toBe(streamed)
    }),
  )
})

test('a task that is sent whole gives its outputs and its end', () => {
  const decoder = createDecoder('ds_analysts')
  const status = (
    sent({ kind: 'result', text: 'x', analysisIds: [] }, TaskState.TASK_STATE_COMPLETED) as {
      statusUpdate: { status: unknown }
    }
  ).statusUpdate.status
  const artifacts = [{ artifactId: 'a', parts: [{ data: { schema: 's/v1', data: { k: 1 } } }] }]
  expect(decoder.decode({ task: { id: 't', artifacts, status } }).map(({ kind }) => kind)).toEqual([
    'output',
    'result',
  ])
  expect(decoder.ended()).toBe(true)
})

test('nothing that a peer sends makes it fall over', () => {
  const known = fc.constantFrom(
    'statusUpdate',
    'artifactUpdate',
    'task',
    'status',
    'message',
    'parts',
    'data',
    'artifact',
    'schema',
    'event',
    'kind',
    'text',
    'append',
    'state',
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, 1, true, 'text', 'aether.event/v1', 'answer', 'result', '__proto__'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(known, tie('tree'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(tree, (payload) => {
      expect(Array.isArray(createDecoder('ds_analysts').decode(payload))).toBe(true)
    }),
  )
})

test.each([
  ['an unknown kind', { kind: 'dance', text: 'x' }],
  ['a member that is missing', { kind: 'result', text: 'x' }],
  ['a member of another type', { kind: 'text', delta: 1, offset: 0 }],
  ['a kind of the prototype', { kind: 'constructor' }],
])('%s is passed over', (_name, event) => {
  const parts = [{ data: { schema: 'aether.event/v1', service: 'ds_analysts', event } }]
  const payload = { statusUpdate: { status: { state: 'TASK_STATE_WORKING', message: { parts } } } }
  expect(createDecoder('ds_analysts').decode(payload)).toEqual([])
})
