import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from './otlp-receiver.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await createOtlpReceiver()
})
afterEach(() => receiver.close())

const BODY = new Uint8Array([10, 3, 1, 2, 255])
const post = (
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string>,
  signal?: AbortSignal,
) => fetch(`${receiver.url}/v1/traces`, { method: 'POST', body, headers, ...(signal ? { signal } : {}) })

test('an export is kept with path, headers and body, and answered in its own type', async () => {
  const answer = await post(BODY, { 'content-type': 'application/x-protobuf', 'x-mlflow-experiment-id': '7' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/x-protobuf')
  expect(await answer.text()).toBe('')
  await receiver.taken(1)
  expect(receiver.exports[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'x-mlflow-experiment-id': '7' },
  })
  expect(receiver.exports[0]?.body).toEqual(BODY)
})

test('JSON and gzip are taken too', async () => {
  expect(await (await post('{"a":1}', { 'content-type': 'application/json' })).json()).toEqual({})
  const packed = new Uint8Array(gzipSync(BODY))
  await post(packed, { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' })
  await receiver.taken(2)
  expect(receiver.exports[1]?.body).toEqual(BODY)
})

test('it waits until what is wanted has come', async () => {
  const waiting = receiver.taken(2)
  await post(BODY, {})
  await post(BODY, {})
  await waiting
  expect(receiver.exports).toHaveLength(2)
})

test('it refuses when told so, and keeps nothing of that', async () => {
  receiver.answer(503, { 'retry-after': '1' })
  const refused = await post(BODY, {})
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(receiver.exports).toHaveLength(0)
  receiver.answer(200)
  expect((await post(BODY, {})).status).toBe(200)
  expect((await fetch(receiver.url)).status).toBe(405)
})

test('it can be silent', async () => {
  receiver.answer('hang')
  await expect(post(BODY, {}, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' })
})
