import { expect, test } from 'vitest'
import { createKnownKeys } from '../../../functions/gateway/known-keys.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'

const actor = { id: 'key_1', name: 'phone', scopes: ['*'] }

function setUp() {
  const state = { now: 0, keys: new Set(['good']), away: false }
  const find = async (secret: string) => {
    if (state.away) throw new AetherError('STORAGE_UNAVAILABLE')
    return state.keys.has(secret) ? actor : null
  }
  return { state, known: createKnownKeys({ find, quick: find, now: () => state.now }) }
}

test('a key that was good lately is recalled while storage is away, and by the status alone', async () => {
  const { state, known } = setUp()
  expect(await known.find('good')).toEqual(actor)
  state.away = true
  expect(await known.findOrRecall('good')).toEqual(actor)
  await expect(known.find('good')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  await expect(known.findOrRecall('never seen')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  state.now = 3_600_000
  await expect(known.findOrRecall('good')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})

test('a key that was ended is forgotten as soon as storage has said so', async () => {
  const { state, known } = setUp()
  await known.find('good')
  state.keys.clear()
  expect(await known.findOrRecall('good')).toBeNull()
  state.away = true
  await expect(known.findOrRecall('good')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})

test('other faults are no reason to believe a key', async () => {
  const { known } = setUp()
  await known.find('good')
  const broken = createKnownKeys({
    find: async () => actor,
    quick: async () => {
      throw new AetherError('INTERNAL')
    },
    now: () => 0,
  })
  await broken.find('good')
  await expect(broken.findOrRecall('good')).rejects.toMatchObject({ code: 'INTERNAL' })
})
