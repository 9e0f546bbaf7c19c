import { expect, test } from 'vitest'
import { findDates } from '../../../../shared/domain/time/phrase.ts'

const ZONE = 'Europe/Berlin'
const NOW = Date.parse('2026-11-25T12:00:00Z')
const DATA = { start: Date.parse('2024-01-01T00:00:00Z'), end: NOW }

test.each([
  ['how much did I use last summer?', '2026-06-01', '2026-08-31'],
  ['what did heating cost last winter', '2025-12-01', '2026-02-28'],
  ['usage in spring', '2026-03-01', '2026-05-31'],
  ['solar this autumn', '2026-09-01', '2026-11-25'],
  ['solar last fall', '2025-09-01', '2025-11-30'],
  ['summer 2025', '2025-06-01', '2025-08-31'],
  ['in the winter of 2024', '2024-12-01', '2025-02-28'],
  ['how much does my fridge use per year?', '2025-11-25', '2026-11-24'],
])('%s', (text, start, end) => {
  expect(findDates(text, NOW, ZONE, DATA)?.dates).toEqual({ start, end })
})

test.each(['did my use fall?', 'a spring in the sofa', 'why did it fall so much'])(
  '%s names no season',
  (text) => {
    expect(findDates(text, NOW, ZONE, DATA)).toBeNull()
  },
)
