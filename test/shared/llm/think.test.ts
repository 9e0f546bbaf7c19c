import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createThinkSplitter } from '../../../shared/llm/think.ts'

function split(deltas: readonly string[]) {
  const splitter = createThinkSplitter()
  const pieces = [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.end()]
  const join = (kind: string) =>
    pieces
      .filter((p) => p.kind === kind)
      .map((p) => p.delta)
      .join('')
  return { text: join('text'), reasoning: join('reasoning') }
}

test('thoughts before the answer are told apart however the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), (cuts) => {
      const whole = '<think>first this, then that</think>The answer.'
      const at = [...new Set(cuts.filter((n) => n < whole.length))].sort((a, b) => a - b)
      const parts = [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.length))
      expect(split(parts)).toEqual({ text: 'The answer.', reasoning: 'first this, then that' })
    }),
  )
})

test.each([
  ['no tag', 'Just text', ''],
  ['a tag inside the answer', 'Use <think> tags', ''],
  ['an unfinished tag', '<thi', ''],
])('%s stays text', (_, text, reasoning) => {
  expect(split([...text])).toEqual({ text, reasoning })
})

test('a thought that never ends is no answer', () => {
  expect(split(['<think>', 'on and on'])).toEqual({ text: '', reasoning: 'on and on' })
})
