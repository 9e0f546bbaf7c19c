import { expect, test } from 'vitest'
import { createToolCallAssembler, type ToolCallDelta } from '../../../shared/llm/tool-calls.ts'

function assemble(deltas: readonly ToolCallDelta[][]) {
  const assembler = createToolCallAssembler()
  for (const each of deltas) assembler.push(each)
  return assembler.end()
}

test('pieces are joined by index', () => {
  expect(
    assemble([
      [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }],
      [{ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }],
      [{ index: 0, function: { arguments: '{}' } }],
      [{ index: 1, function: { arguments: '}' } }],
    ]),
  ).toEqual([
    { id: 'a', name: 'f', arguments: '{}' },
    { id: 'b', name: 'g', arguments: '{}' },
  ])
})

test('whole calls that all claim index 0 stay apart', () => {
  const whole = (id: string) => [{ index: 0, id, function: { name: 'f', arguments: `"${id}"` } }]
  expect(assemble([whole('a'), whole('b')]).map((call) => call.arguments)).toEqual(['"a"', '"b"'])
})

test('calls without index or id are served, those without a name are not', () => {
  expect(assemble([[{ function: { name: 'f', arguments: '{}' } }], [{ index: 3, id: 'x' }]])).toEqual([
    { id: 'call_1', name: 'f', arguments: '{}' },
  ])
})

test('an id that is repeated with every piece starts no second call', () => {
  expect(
    assemble([
      [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }],
      [{ index: 0, id: 'a', function: { name: 'f', arguments: '}' } }],
    ]),
  ).toEqual([{ id: 'a', name: 'f', arguments: '{}' }])
})
