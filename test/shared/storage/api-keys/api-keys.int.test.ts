import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createApiKey } from '../../../../shared/storage/api-keys/create-api-key.ts'
import { ensureFirstKey, FIRST_KEY } from '../../../../shared/storage/api-keys/ensure-first-key.ts'
import { findApiKey } from '../../../../shared/storage/api-keys/find-api-key.ts'
import { createKeyFinder } from '../../../../shared/storage/api-keys/key-finder.ts'
import { revokeApiKey } from '../../../../shared/storage/api-keys/revoke-api-key.ts'
import { tokensPerDay } from '../../../../shared/storage/api-keys/tokens-per-day.ts'
import { apiKeys } from '../../../../shared/storage/schema/api-keys.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()

test('a key is found by its secret, with its scopes, and by nothing else', async () => {
  const { secret } = await createApiKey(database.db, { id: 'key_a', name: 'phone', scopes: ['chat'] })
  expect(secret).toMatch(/^aeth_[0-9a-z]{10}_[0-9a-z]{52}$/)
  expect(await findApiKey(database.db, secret)).toEqual({
    id: 'key_a',
    name: 'phone',
    scopes: ['chat'],
    tokensPerDay: null,
  })
  for (const wrong of [
    '',
    'aeth_',
    secret.slice(0, -1),
    `${secret}x`,
    secret.toUpperCase(),
    `${secret.slice(0, -1)}!`,
  ])
    expect(await findApiKey(database.db, wrong)).toBeNull()
})

test('a key may have a budget of its own', async () => {
  const given = { id: 'key_p', name: 'poor', scopes: ['chat'], tokensPerDay: 5_000_000_000 }
  const { secret } = await createApiKey(database.db, given)
  expect(await findApiKey(database.db, secret)).toEqual(given)
  expect(await tokensPerDay(database.db, { id: 'key_p' })).toBe(5_000_000_000)
  expect(await tokensPerDay(database.db, { id: 'key_none' })).toBeNull()
})

test('the secret is stored nowhere', async () => {
  const { secret } = await createApiKey(database.db, { id: 'key_b', name: 'hidden', scopes: ['*'] })
  const rows = JSON.stringify(await database.db.select().from(apiKeys))
  expect(rows).not.toContain(secret)
  expect(rows).not.toContain(secret.split('_')[2])
})

test('a name belongs to one live key; once that is revoked it is free again', async () => {
  const first = await createApiKey(database.db, { id: 'key_c', name: 'tablet', scopes: ['*'] })
  await expect(
    createApiKey(database.db, { id: 'key_d', name: 'tablet', scopes: ['*'] }),
  ).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await revokeApiKey(database.db, { name: 'tablet' })).toBe(1)
  expect(await revokeApiKey(database.db, { name: 'tablet' })).toBe(0)
  const second = await createApiKey(database.db, { id: 'key_e', name: 'tablet', scopes: ['*'] })
  expect(await findApiKey(database.db, first.secret)).toBeNull()
  expect(await findApiKey(database.db, second.secret)).toMatchObject({ id: 'key_e' })
})

test('API_KEY is the first key; a new API_KEY takes the place of the old one and keeps its id', async () => {
  await ensureFirstKey(database.db, 'chosen-by-somebody')
  await ensureFirstKey(database.db, 'chosen-by-somebody')
  expect(await findApiKey(database.db, 'chosen-by-somebody')).toMatchObject({ ...FIRST_KEY, scopes: ['*'] })
  await ensureFirstKey(database.db, 'another-one-instead')
  expect(await findApiKey(database.db, 'chosen-by-somebody')).toBeNull()
  expect(await findApiKey(database.db, 'another-one-instead')).toMatchObject({ id: FIRST_KEY.id })
})

test('processes that start at once agree on the first key, which none of them finds there', async () => {
  for (let round = 0; round < 50; round++) {
    await database.db.delete(apiKeys).where(eq(apiKeys.id, FIRST_KEY.id))
    await Promise.all(
      Array.from({ length: 8 }, () => ensureFirstKey(database.db, `for-all-of-them-${round}`)),
    )
    expect(await findApiKey(database.db, `for-all-of-them-${round}`)).toMatchObject({ id: FIRST_KEY.id })
  }
})

test('a revoked key works at most as long as it is kept', async () => {
  let clock = 0
  const find = createKeyFinder({ db: database.db, now: () => clock })
  const { secret } = await createApiKey(database.db, { id: 'key_f', name: 'watch', scopes: ['*'] })
  expect(await find(secret)).toMatchObject({ id: 'key_f' })
  await revokeApiKey(database.db, { name: 'watch' })
  clock = 899
  expect(await find(secret)).toMatchObject({ id: 'key_f' })
  clock = 900
  expect(await find(secret)).toBeNull()
})

test('a first key that another one has taken the place of works no longer than a revoked one', async () => {
  let clock = 0
  const find = createKeyFinder({ db: database.db, now: () => clock })
  await ensureFirstKey(database.db, 'the-one-before')
  expect(await find('the-one-before')).toMatchObject({ id: FIRST_KEY.id })
  await ensureFirstKey(database.db, 'the-one-after')
  clock = 900
  expect(await find('the-one-before')).toBeNull()
  expect(await find('the-one-after')).toMatchObject({ id: FIRST_KEY.id })
})

test('an unknown key is looked up each time, so it works as soon as it exists', async () => {
  const find = createKeyFinder({ db: database.db, now: () => 0 })
  expect(await find('a-key-of-the-future')).toBeNull()
  await ensureFirstKey(database.db, 'a-key-of-the-future')
  expect(await find('a-key-of-the-future')).toMatchObject({ id: FIRST_KEY.id })
})

test('the finder keeps no more keys than it may', async () => {
  const find = createKeyFinder({ db: database.db, now: () => 0, max: 1 })
  const one = await createApiKey(database.db, { id: 'key_g', name: 'one', scopes: ['*'] })
  const two = await createApiKey(database.db, { id: 'key_h', name: 'two', scopes: ['*'] })
  await find(one.secret)
  await find(two.secret)
  await revokeApiKey(database.db, { name: 'one' })
  await revokeApiKey(database.db, { name: 'two' })
  expect(await find(two.secret)).toMatchObject({ id: 'key_h' })
  expect(await find(one.secret)).toBeNull()
})
