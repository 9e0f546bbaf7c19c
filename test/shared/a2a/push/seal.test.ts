import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPushKeys } from '../../../../shared/a2a/push/seal.ts'

const secrets = { token: 'a token', credentials: 'Geheimnis' }

test('what is sealed is read by the same secret alone, and differs each time', async () => {
  const keys = createPushKeys('0123456789abcdef')
  const [one, two] = [await keys.seal(secrets), await keys.seal(secrets)]
  expect(one).not.toBe(two)
  expect(one).not.toContain('Geheimnis')
  expect(await keys.open(one)).toEqual(secrets)
  await expect(createPushKeys('another-secret-012').open(one)).rejects.toThrow()
  await expect(keys.open(`${one.slice(0, -8)}AAAAAAA=`)).rejects.toThrow()
})

test('a signature is the one of Standard Webhooks', async () => {
  const expected = createHmac('sha256', '0123456789abcdef').update('id.7.{}').digest('base64')
  expect(await createPushKeys('0123456789abcdef').sign('id', 7, '{}')).toBe(`v1,${expected}`)
})
