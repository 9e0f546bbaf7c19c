import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameHash, sameSecret, sha256Hex } from '../../../shared/config/digest.ts'

test('SHA-256 in hex, by the test vector of FIPS 180-2', async () => {
  expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('hashes and secrets are the same or not, wherever they differ', async () => {
  expect(sameHash('abc', 'abc')).toBe(true)
  for (const other of ['abd', 'xbc', 'ab', 'abcabc']) expect(sameHash('abc', other)).toBe(false)
  expect(await sameSecret('scrape-me', 'scrape-me')).toBe(true)
  expect(await sameSecret('scrape-me', 'scrape-me!')).toBe(false)
})

test('sameHash is equality', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameHash(a, b) === (a === b)))
  fc.assert(fc.property(fc.string(), (a) => sameHash(a, `${a}`)))
})
