import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createSecret } from '../../../shared/config/secret.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { metricsAuth } from '../../../shared/http/metrics-auth.ts'

const app = (open: boolean) =>
  new Hono<AppEnv>().get(
    '/metrics',
    metricsAuth({ open, token: createSecret('the-token') }, async (c) => c.text('', 401)),
    (c) => c.text('up 1'),
  )
const status = async (open: boolean, headers: Record<string, string> = {}) =>
  (await app(open).request('/metrics', { headers })).status

test('open ones take anybody, closed ones the token', async () => {
  expect(await status(true)).toBe(200)
  expect(await status(false)).toBe(401)
  expect(await status(false, { authorization: 'Bearer the-token' })).toBe(200)
  expect(await status(false, { authorization: 'Bearer the-tokem' })).toBe(401)
})

test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host'])(
  'what a proxy brings (%s) is not of this machine',
  async (name) => {
    expect(await status(true, { [name]: '203.0.113.9' })).toBe(401)
    expect(await status(true, { [name]: '203.0.113.9', authorization: 'Bearer the-token' })).toBe(200)
  },
)
