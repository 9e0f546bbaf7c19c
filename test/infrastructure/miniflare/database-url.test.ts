import { expect, it } from 'vitest'
import { toHyperdriveUrl } from '../../../infrastructure/miniflare/database-url.ts'

it('leaves the Unix socket for the address beside it', () => {
  expect(toHyperdriveUrl('postgres://a:b@127.0.0.1:5433/aether?host=%2Ftmp%2Fdata')).toBe(
    'postgres://a:b@127.0.0.1:5433/aether',
  )
})

it('has a password, for a binding wants one', () => {
  expect(new URL(toHyperdriveUrl('postgres://a@db.internal/aether')).password).not.toBe('')
})
