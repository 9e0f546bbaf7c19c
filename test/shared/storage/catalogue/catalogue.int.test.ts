import { beforeEach, describe, expect, it } from 'vitest'
import { searchTerms } from '../../../../shared/domain/catalogue/search-terms.ts'
import type { CatalogueQuery } from '../../../../shared/domain/catalogue.ts'
import type { Entity, Registries } from '../../../../shared/domain/home-data.ts'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import { termsOf } from '../../../../shared/home/registry-catalogue.ts'
import { searchCatalogue } from '../../../../shared/storage/catalogue/search-catalogue.ts'
import { syncCatalogue } from '../../../../shared/storage/catalogue/sync-catalogue.ts'
import { catalogueEntities, catalogueHomes } from '../../../../shared/storage/schema/catalogue.ts'
import { withDatabase } from '../../../harness/database.ts'

const database = withDatabase()
const registries = await createDemoHome({ now: () => Date.parse('2026-11-24T10:00:00Z') }).registries({
  signal: new AbortController().signal,
})
const ANY: CatalogueQuery = { query: '', area: '', domain: '', deviceClass: '', limit: 50 }

const sync = (of: Registries, homeId = 'demo') =>
  syncCatalogue(database.db, { homeId, registries: of, now: 0 })
const search = (query: Partial<CatalogueQuery>, homeId = 'demo') =>
  searchCatalogue(database.db, { ...ANY, ...query, homeId })
const idsOf = async (query: Partial<CatalogueQuery>) => (await search(query)).found.map((entry) => entry.id)

beforeEach(async () => {
  await database.db.delete(catalogueHomes)
  await sync(registries)
})

describe('syncing', () => {
  it('does nothing where nothing has changed, and everything where something has', async () => {
    expect(await sync(registries)).toBe(false)
    const [first, ...rest] = registries.entities
    const renamed = { ...registries, entities: [{ ...first!, name: 'Zeppelin' }, ...rest.slice(1)] }
    expect(await sync(renamed)).toBe(true)
    expect(await idsOf({ query: 'zeppelin' })).toEqual([first?.id])
    const kept = await database.db.select().from(catalogueEntities)
    expect(kept).toHaveLength(registries.entities.length - 1)
  })

  it('keeps homes apart', async () => {
    const other: Registries = { areas: [], devices: [], entities: [registries.entities[0]!] }
    await sync(other, 'other')
    expect((await search({}, 'other')).total).toBe(1)
    expect((await search({})).total).toBe(registries.entities.filter((each) => !each.disabled).length)
  })

  it('writes once where several sync at once', async () => {
    const changed = { ...registries, areas: registries.areas.slice(1) }
    const results = await Promise.all([sync(changed), sync(changed), sync(changed)])
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('takes any text as text', async () => {
    const name = `'; drop table catalogue_entities; -- "\u0000 \ud800 {}\\ 🏠`
    const evil: Entity = { ...registries.entities[0]!, name }
    await sync({ areas: [{ id: "a'", name, floor: null }], devices: [], entities: [evil] }, 'evil')
    const { found } = await search({}, 'evil')
    expect(found[0]?.name).toContain("'; drop table catalogue_entities")
    expect((await search({ query: name }, 'evil')).total).toBe(1)
  })

  it('takes a word of any length', async () => {
    const name = 'x'.repeat(10_000)
    await sync({ areas: [], devices: [], entities: [{ ...registries.entities[0]!, name }] }, 'long')
    expect((await search({ query: name }, 'long')).total).toBe(1)
  })
})

describe('searching', () => {
  it.each<Partial<CatalogueQuery>>([
    { query: 'kitchen light', domain: 'light' },
    { query: 'kitchen' },
    { domain: 'light' },
    { area: 'living room', deviceClass: 'temperature' },
    { query: 'heat pump power' },
    { query: 'garden', limit: 3 },
    { query: 'livingroom flor lamp' },
    { area: 'Kichen', domain: 'light' },
    { limit: 7 },
  ])('%j finds what a look through the registries finds, in the same order', async (query) => {
    const wanted = await searchTerms(termsOf(registries), { ...ANY, ...query })
    expect(await search(query)).toEqual(wanted)
    expect(wanted.total).toBeGreaterThan(0)
  })

  it.each([
    ['kichen ceiling', 'light.kitchen_ceiling'],
    ['livingroom flor lamp', 'light.living_room_floor_lamp'],
    ['dishwaser', 'sensor.dishwasher_power'],
    ['bathrom mirror', 'light.bathroom_mirror'],
    ['temprature bedroom', 'sensor.bedroom_temperature'],
  ])('forgives %s', async (query, id) => {
    const { found, exact } = await search({ query })
    expect(found.map((entry) => entry.id)).toContain(id)
    expect(exact).toBe(false)
  })

  it('forgives a misspelt area', async () => {
    expect(await idsOf({ area: 'Kichen', domain: 'light' })).toEqual(
      await idsOf({ area: 'kitchen', domain: 'light' }),
    )
  })

  it('finds nothing for nonsense, and says nothing of hidden or disabled things', async () => {
    expect(await search({ query: 'xylophone qqqq' })).toEqual({ found: [], total: 0, exact: true })
    const one = { ...registries.entities[0]!, disabled: true, name: 'Secret' }
    await sync({ ...registries, entities: [one] }, 'disabled')
    expect((await search({ query: 'secret' }, 'disabled')).total).toBe(0)
  })
})
