import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { toStorageError } from '../../../shared/storage/to-storage-error.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

test.each(['ECONNREFUSED', 'EPIPE', 'CONNECTION_ENDED', '57P01', '53300', '08006', '40P01'])(
  '%s is an outage, also as the cause of another error',
  (code) => {
    expect(toStorageError(withCode(code)).code).toBe('STORAGE_UNAVAILABLE')
    expect(toStorageError(new Error('Failed query', { cause: withCode(code) })).code).toBe(
      'STORAGE_UNAVAILABLE',
    )
  },
)

test('a fault of ours is no outage, and our own errors pass', () => {
  expect(toStorageError(withCode('42P01')).code).toBe('INTERNAL')
  expect(toStorageError(new TypeError('x')).code).toBe('INTERNAL')
  const own = new AetherError('NOT_FOUND')
  expect(toStorageError(own)).toBe(own)
})
