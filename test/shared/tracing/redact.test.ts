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
