import { expect, test } from 'vitest'
import { partialEnd } from '../../../../functions/gateway/runs/partial-answer.ts'
import type { Finding } from '../../../../shared/domain/finding.ts'
import { AetherError } from '../../../../shared/errors/aether-error.ts'

const finding: Finding = {
  id: 'fnd_1',
  analyst: 'energy',
  kind: 'total',
  title: 'Total',
  statement: 'The home used 84.2 kWh.',
  confidence: { value: 1, factors: [] },
  metricIds: [],
  entities: [],
  evidence: [],
}
const error = new AetherError('LLM_UNAVAILABLE', 'The language model does not answer.')

test('without text the findings stand for it, and what is missing is said', () => {
  expect(partialEnd('', [finding], error)).toBe(
    'The home used 84.2 kWh.\n\nThis answer is not complete: The language model does not answer.',
  )
})

test('after text only what is missing is added', () => {
  expect(partialEnd('You used', [finding], error)).toBe(
    '\n\nThis answer is not complete: The language model does not answer.',
  )
})
