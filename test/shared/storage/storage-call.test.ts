import { expect, test } from 'vitest'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { storageCall } from '../../../shared/storage/storage-call.ts'

const call = (work: () => Promise<unknown>, ms = 1_000) => storageCall(ms, work)
const withCode = (code: string) => Object.assign(new Error('x'), { code })

test('a result and our own errors pass', async () => {
  expect(await call(async () => 5)).toBe(5)
  const own = new AetherError('NOT_FOUND')
  await expect(call(() => Promise.reject(own))).rejects.toBe(own)
})

test.each(['ECONNREFUSED', 'CONNECTION_ENDED', '57P01', '53300', '08006', '40P01'])(
  '%s is an outage',
  async (code) => {
    const wrapped = new Error('Failed query', { cause: withCode(code) })
    await expect(call(() => Promise.reject(wrapped))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  },
)

test('a fault of ours is no outage', async () => {
  await expect(call(() => Promise.reject(withCode('42P01')))).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(call(() => Promise.reject(new TypeError('x')))).rejects.toMatchObject({ code: 'INTERNAL' })
})

test('what does not answer in time is an outage', async () => {
  await expect(call(() => new Promise(() => {}), 5)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})
