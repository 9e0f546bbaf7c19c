import { describe, expect, test } from 'vitest'
import { searchTerms } from '../../../shared/domain/catalogue/search-terms.ts'
import type { CatalogueQuery } from '../../../shared/domain/catalogue.ts'
import { createRegistryCatalogue, termsOf } from '../../../shared/home/registry-catalogue.ts'
import { createTestHome, ENTITIES } from '../../functions/architect/support.ts'

const registries = {
  areas: [
    { id: 'kitchen', name: 'Kitchen', floor: null },
    { id: 'bedroom', name: 'Bedroom', floor: null },
  ],
  devices: [
    { id: 'd1', name: 'Climate box', areaId: 'bedroom', manufacturer: null, model: null, entryId: null },
  ],
  entities: ENTITIES,
}
const find = async (filter: Partial<CatalogueQuery>) => {
  const { found, exact } = await searchTerms(termsOf(registries), {
    ...{ query: '', area: '', domain: '', deviceClass: '', limit: 50 },
    ...filter,
  })
  return { ids: found.map((entity) => entity.id), exact }
}

describe('a catalogue of registries', () => {
  test('a domain gives all of it, disabled ones left out', async () => {
    expect((await find({ domain: 'light' })).ids).toEqual([
      'light.kitchen_sink',
      'light.kitchen_ceiling',
      'light.bedroom',
    ])
  })
  test('words match names, rooms and the device’s room, in the plural too', async () => {
    expect((await find({ query: 'kitchen lights' })).ids).toEqual([
      'light.kitchen_sink',
      'light.kitchen_ceiling',
    ])
    expect((await find({ query: 'bedroom', deviceClass: 'temperature' })).ids).toEqual([
      'sensor.bedroom_temperature',
    ])
    expect((await find({ area: 'Bedroom', deviceClass: 'temperature' })).ids).toEqual([
      'sensor.bedroom_temperature',
    ])
  })
  test('the closest ones are marked as such, and nonsense finds nothing', async () => {
    expect(await find({ query: 'garage gate' })).toEqual({ ids: ['cover.garage_door'], exact: false })
    expect(await find({ query: 'disco ball' })).toEqual({ ids: [], exact: true })
  })
  test('a misspelt word or room is taken for the likest one, and marked so', async () => {
    expect(await find({ query: 'kichen lihgts' })).toEqual({
      ids: ['light.kitchen_sink', 'light.kitchen_ceiling'],
      exact: false,
    })
    expect(await find({ area: 'Bedrom', domain: 'light' })).toEqual({ ids: ['light.bedroom'], exact: false })
    expect((await find({ area: 'Attic', domain: 'light' })).ids).toEqual([])
  })
})

test('a change of the registries is found by the next search', async () => {
  let entities = ENTITIES
  const home = { ...createTestHome(), registries: async () => ({ ...registries, entities }) }
  const catalogue = createRegistryCatalogue(home)
  const { signal } = new AbortController()
  const query = { query: 'zeppelin', area: '', domain: '', deviceClass: '', limit: 50 }
  expect((await catalogue.search(query, signal)).total).toBe(0)
  entities = ENTITIES.map((entity, i) => (i === 0 ? { ...entity, name: 'Zeppelin' } : entity))
  expect((await catalogue.search(query, signal)).found.map((each) => each.name)).toEqual(['Zeppelin'])
})
