import { expect, test } from 'vitest'
import { newKeySecret, toKeyMaterial } from '../../../../shared/storage/api-keys/key-material.ts'

test('no two secrets are alike', () => {
  expect(new Set(Array.from({ length: 1_000 }, newKeySecret)).size).toBe(1_000)
})

test('our own keys carry their lookup part; of others it says nothing about the stored hash', async () => {
  const own = newKeySecret()
  expect((await toKeyMaterial(own)).lookup).toBe(own.slice(5, 15))
  const other = await toKeyMaterial('a-key-that-somebody-chose')
  expect(other.lookup).toMatch(/^[0-9a-f]{16}$/)
  expect(other.hash).not.toContain(other.lookup)
})
