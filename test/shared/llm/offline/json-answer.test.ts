import { expect, test } from 'vitest'
import { dataBlock } from '../../../../shared/llm/data-block.ts'
import { bindFormat } from '../../../../shared/llm/offline/json-answer.ts'
import { callTools, say } from '../../../../shared/llm/offline/reply.ts'
import { readRequest } from '../../../../shared/llm/offline/request.ts'

const METRICS = [
  { name: 'energy_total', label: null, value: 84.2, unit: 'kWh' },
  { name: 'device_energy', label: 'Heat pump', value: 30.1, unit: 'kWh' },
  { name: 'energy_cost', label: null, value: 29.48, unit: 'EUR' },
]

function bind(schema: unknown, text = 'Yes: all is well.') {
  const request = readRequest({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'tool', tool_call_id: 'c', content: dataBlock('analysis', { text, metrics: METRICS }, 'n') },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
  })
  const reply = bindFormat(request!, say(text))
  return JSON.parse(reply.kind === 'text' ? reply.text : '')
}
const object = (properties: unknown, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
})

test.each<[string, unknown, unknown]>([
  ['strings', object({ answer: { type: 'string' } }), { answer: 'Yes: all is well.' }],
  [
    'figures by name and unit',
    object({ total_kwh: { type: 'number' }, cost_eur: { type: 'number' } }),
    { total_kwh: 84.2, cost_eur: 29.48 },
  ],
  ['a device’s figure', object({ heat_pump_energy: { type: 'number' } }), { heat_pump_energy: 30.1 }],
  ['yes and no', object({ ok: { type: 'boolean' } }), { ok: true }],
  ['null where nothing is known', object({ moon: { type: ['number', 'null'] } }, ['moon']), { moon: null }],
  ['an enumerated unknown', object({ mood: { enum: ['sad', 'unknown'] } }), { mood: 'unknown' }],
  [
    'optional things left out',
    object({ answer: { type: 'string' }, moon: { type: 'number' } }, ['answer']),
    { answer: 'Yes: all is well.' },
  ],
  [
    'lists',
    object({ items: { type: 'array', items: { type: 'string' } } }),
    { items: ['Yes: all is well.'] },
  ],
  ['any of', object({ x: { anyOf: [{ type: 'null' }, { type: 'string' }] } }), { x: 'Yes: all is well.' }],
  [
    'references',
    { ...object({ x: { $ref: '#/$defs/s' } }), $defs: { s: { type: 'string' } } },
    { x: 'Yes: all is well.' },
  ],
])('%s', (_, schema, value) => {
  expect(bind(schema)).toEqual(value)
})

test('what must be there and cannot be known is an honest error', () => {
  expect(bind(object({ moon: { type: 'number' } }, ['moon']))).toEqual({
    error: 'The offline model cannot fill moon honestly.',
    answer: 'Yes: all is well.',
  })
})

test('a schema that refers to itself comes to an end', () => {
  const schema = { ...object({ child: { $ref: '#' } }, ['child']) }
  expect(bind(schema)).toHaveProperty('error')
})

test('tool calls and free answers are left alone', () => {
  const request = readRequest({
    messages: [{ role: 'user', content: 'q' }],
    response_format: { type: 'text' },
  })!
  expect(bindFormat(request, say('x'))).toEqual(say('x'))
  const call = callTools({ name: 'analyze', arguments: {} })
  expect(bindFormat({ ...request, responseFormat: { type: 'json_object' } }, call)).toBe(call)
})
