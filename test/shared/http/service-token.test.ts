import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { createSecret } from '../../../shared/config/secret.ts'
import { createApp } from '../../../shared/http/app.ts'
import {
  createTokenSource,
  serviceAuth,
  signServiceToken,
  verifyServiceToken,
} from '../../../shared/http/service-token.ts'
import { appOptions } from './app-options.ts'

const SECRET = 'a-secret-for-tests-0123456789abcdef'
const START = 1_795_000_000_000
const base = {
  secret: SECRET,
  issuer: 'gateway',
  subject: 'anna',
  audience: 'architect',
  scopes: ['a2a', 'x'],
}
const check = (token: string, at = START, audience = 'architect', secret = SECRET) =>
  verifyServiceToken(token, { secret, audience, now: () => at })

test('a token says who calls, for whom, whom, and for how long', async () => {
  const token = await signServiceToken({ ...base, secret: createSecret(SECRET), now: () => START })
  expect(await check(token)).toEqual({
    issuer: 'gateway',
    subject: 'anna',
    scopes: ['a2a', 'x'],
    expiresAt: START / 1000 + 300,
  })
})

test('it lives at most five minutes, whatever was asked', async () => {
  const token = await signServiceToken({ ...base, now: () => START, ttlS: 86_400 })
  expect((await check(token, START + 299_000)).subject).toBe('anna')
  await expect(check(token, START + 306_000)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('another audience, another secret, a changed text are refused', async () => {
  const token = await signServiceToken({ ...base, now: () => START })
  await expect(check(token, START, 'ds_analysts')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await expect(check(token, START, 'architect', `${SECRET}x`)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  const [head, , tail] = token.split('.')
  const forged = btoa(JSON.stringify({ sub: 'root' })).replace(/=+$/, '')
  await expect(check(`${head}.${forged}.${tail}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('tokens that jose would take but we did not sign so are refused', async () => {
  const key = new TextEncoder().encode(SECRET)
  const claims = () =>
    new SignJWT({ scope: 'a2a' })
      .setIssuer('gateway')
      .setAudience('architect')
      .setIssuedAt(START / 1000)
  const tokens = [
    new UnsecuredJWT({ sub: 'anna' }).setIssuer('gateway').setAudience('architect').encode(),
    await claims().setSubject('anna').setProtectedHeader({ alg: 'HS256' }).sign(key),
    await claims()
      .setExpirationTime(START / 1000 + 60)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key),
    await claims()
      .setSubject('anna')
      .setExpirationTime(START / 1000 + 3_600)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key),
    await claims()
      .setSubject('anna')
      .setExpirationTime(START / 1000 + 60)
      .setProtectedHeader({ alg: 'HS512' })
      .sign(new Uint8Array(64).fill(7)),
    'not.a.token',
  ]
  for (const token of tokens) await expect(check(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('a kept verdict ends with the life of its token', async () => {
  let time = START
  const app = createApp(appOptions())
  app.get('/', serviceAuth({ secret: SECRET, audience: 'architect', now: () => time }), (c) =>
    c.json(c.get('actor')),
  )
  const token = await signServiceToken({ ...base, now: () => START })
  const get = () => app.request('/', { headers: { authorization: `Bearer ${token}` } })
  const first = await get()
  expect(await first.json()).toEqual({ id: 'anna', name: 'gateway', issuer: 'gateway', scopes: ['a2a', 'x'] })
  expect((await get()).status).toBe(200)
  time = START + 400_000
  expect((await get()).status).toBe(401)
  expect((await app.request('/')).status).toBe(401)
})

test('a source gives the same token for half of its life, one for each user', async () => {
  let time = START
  const { subject: _, scopes: __, ...options } = base
  const token = createTokenSource({ ...options, now: () => time })
  const first = await token('anna')
  expect(await token('anna')).toBe(first)
  expect(await token('ben')).not.toBe(first)
  time += 149_000
  expect(await token('anna')).toBe(first)
  time += 2_000
  const renewed = await token('anna')
  expect(renewed).not.toBe(first)
  expect((await check(renewed, time)).scopes).toEqual(['a2a'])
})
