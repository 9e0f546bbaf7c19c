import { expect, test } from 'vitest'
import { createSecret } from '../../../shared/config/secret.ts'
import { createRedactor } from '../../../shared/tracing/redact.ts'

test('secrets go out of a text, plain, quoted and quoted twice; the longest first', () => {
  const tricky = 'pass"word\\with\nlines'
  const clean = createRedactor([createSecret(tricky), 'abcdefgh', 'abcdefghij', 'short'])
  expect(clean(`x ${tricky} y`)).toBe('x [redacted] y')
  expect(clean(JSON.stringify({ tricky }))).toBe('{"tricky":"[redacted]"}')
  expect(clean(JSON.stringify(JSON.stringify({ tricky })))).not.toContain('word')
  expect(clean('abcdefghij abcdefgh short')).toBe('[redacted] [redacted] short')
})

test('what looks like a credential goes too, whoever it belongs to', () => {
  const clean = createRedactor([])
  expect(clean('Authorization: Bearer abcdefgh12345678')).toBe('Authorization: Bearer [redacted]')
  expect(clean('postgres://me:hunter2@db/x')).toBe('postgres://[redacted]@db/x')
})
