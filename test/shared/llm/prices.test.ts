import * as v from 'valibot'
import { expect, test } from 'vitest'
import { costOf, prices } from '../../../shared/llm/prices.ts'

test('prices are dollars for a million tokens, by model', () => {
  const known = v.parse(prices(), '{"gpt-4o": {"input": 2.5, "output": 10}}')
  expect(costOf(known, 'gpt-4o', { promptTokens: 1_000_000, completionTokens: 100_000 })).toEqual({
    input: 2.5,
    output: 1,
    total: 3.5,
  })
  expect(costOf(known, 'other', { promptTokens: 1, completionTokens: 1 })).toBeNull()
})

test.each([
  'gpt-4o=2',
  '[]',
  '{"a": {"input": "2", "output": 1}}',
  '{"a": {"input": -1, "output": 1}}',
  '{"a": {"input": 1}}',
])('%s is refused', (text) => {
  const checked = v.safeParse(prices(), text)
  expect(checked.success).toBe(false)
  expect(checked.issues?.[0].message).toMatch(/^must be JSON such as/)
})
