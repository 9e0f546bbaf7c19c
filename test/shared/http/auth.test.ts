import type { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createApp } from '../../../shared/http/app.ts'
import type { Actor, AppEnv } from '../../../shared/http/app-env.ts'
import { apiKeyAuth, credentialsOf, requireScope } from '../../../shared/http/auth.ts'
import { appOptions } from './app-options.ts'

const ACTORS: Record<string, Actor> = {
  good: { id: 'key_1', name: 'phone', scopes: ['chat'] },
  all: { id: 'key_2', name: 'first', scopes: ['*'] },
  read: { id: 'key_3', name: 'tablet', scopes: ['read'] },
}
const looked: string[] = []

function app(): Hono<AppEnv> {
  const made = createApp(appOptions())
  const find = async (secret: string) => {
    looked.push(secret)
    return ACTORS[secret] ?? null
  }
  made.get('/chat', apiKeyAuth({ find }), requireScope('chat'), (c) => c.json(c.get('actor')))
  made.get('/unguarded', requireScope('chat'), (c) => c.text('never'))
  return made
}

const get = (headers: Record<string, string>, path = '/chat') => app().request(path, { headers })

test.each([
  ['Authorization', 'Bearer good'],
  ['Authorization', 'bearer  good '],
  ['X-API-Key', 'good'],
  ['api-key', 'good'],
])('%s: %s is let in', async (name, value) => {
  const response = await get({ [name]: value })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual(ACTORS.good)
})

test('the first valid one decides, whatever stands beside it', async () => {
  expect((await get({ Authorization: 'Bearer stale', 'X-API-Key': 'good' })).status).toBe(200)
  expect((await get({ Authorization: 'Bearer good', 'X-API-Key': 'stale', 'api-key': 'old' })).status).toBe(
    200,
  )
  expect(await (await get({ Authorization: 'Bearer good', 'X-API-Key': 'all' })).json()).toEqual(ACTORS.good)
})

test.each([
  ['none', {}],
  ['a wrong one', { Authorization: 'Bearer wrong' }],
  ['another scheme', { Authorization: 'Basic good' }],
  ['no scheme', { Authorization: 'good' }],
  ['two words', { Authorization: 'Bearer good again' }],
  ['an empty one', { Authorization: 'Bearer ', 'X-API-Key': '' }],
])('%s is refused with 401 in the shape clients read', async (_name, headers) => {
  const response = await get(headers as Record<string, string>)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
  expect(await response.json()).toMatchObject({
    error: { type: 'invalid_request_error', code: 'invalid_api_key' },
  })
})

test('a key in the query is never looked at', async () => {
  looked.length = 0
  expect((await get({}, '/chat?api_key=good&api-key=good&token=good')).status).toBe(401)
  expect(looked).toEqual([])
})

test('a credential of unreasonable size is not looked up', () => {
  expect(credentialsOf(new Headers({ 'x-api-key': 'x'.repeat(9_000) }))).toEqual([])
})

test('a scope is needed, and * holds all', async () => {
  expect((await get({ 'api-key': 'all' })).status).toBe(200)
  const refused = await get({ 'api-key': 'read' })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ error: { code: 'forbidden' } })
})

test('a scope check without authentication lets nobody in', async () => {
  expect((await get({ 'api-key': 'all' }, '/unguarded')).status).toBe(401)
})
