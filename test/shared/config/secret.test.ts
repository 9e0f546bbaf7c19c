import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createSecret, reveal } from '../../../shared/config/secret.ts'

const TEXT = 'sk-very-private-1234567890'

test('no way of printing a secret shows it', () => {
  const secret = createSecret(TEXT)
  const shown = [
    String(secret),
    `${secret}`,
    ['', secret].join(''),
    JSON.stringify({ secret, list: [secret] }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    Object.values(secret).join(),
    secret.toString(),
  ]
  for (const text of shown) expect(text).not.toContain(TEXT)
  expect(inspect(secret)).toBe('[redacted]')
})

test('reveal gives the text, and lets a plain text through', () => {
  expect(reveal(createSecret(TEXT))).toBe(TEXT)
  expect(reveal('plain')).toBe('plain')
})
