import { expect, test } from 'vitest'
import { sayIssue } from '../../../../shared/analysis/diagnostics/setup-issues.ts'

test.each([
  ['units_changed', 'Meter has another unit than its statistics, so these have stopped'],
  ['entity_unexpected_unit_energy', 'Meter has a unit that does not fit'],
  ['some_new_<code>', 'Meter has the problem "some new code"'],
])('%s', (code, told) => {
  expect(sayIssue({ about: 'sensor.meter', code }, 'Meter')).toBe(told)
})
