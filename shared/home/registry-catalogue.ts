import type { Catalogue, CatalogueEntry, CatalogueQuery, CatalogueResult } from '../domain/catalogue.ts'
import type { Entity, Registries } from '../domain/home-data.ts'
import { wordsOfName } from '../domain/name-words.ts'
import type { HomeSource } from './port.ts'

/** A catalogue that reads the registries for each search: for services without a database. Typing errors are not forgiven. */
export function createRegistryCatalogue(home: HomeSource): Catalogue {
  return {
    async search(query, signal) {
      return findEntities(query, await home.registries({ signal }))
    },
  }
}

/**
 * Entities that pass the filters and match all words of the query; where none does, those that match most of them
 * (at least half), and `exact` is false. Disabled entities are left out.
 */
export function findEntities(query: CatalogueQuery, registries: Registries): CatalogueResult {
  const areaName = new Map(registries.areas.map((area) => [area.id, area.name]))
  const device = new Map(registries.devices.map((each) => [each.id, each]))
  const areaOf = (entity: Entity) =>
    areaName.get(entity.areaId ?? device.get(entity.deviceId ?? '')?.areaId ?? '') ?? null
  const wanted = wordsOfName(query.query)
  const area = wordsOfName(query.area)
  const scored = registries.entities
    .filter((entity) => !entity.disabled)
    .filter((entity) => query.domain === '' || entity.domain === query.domain)
    .filter((entity) => query.deviceClass === '' || entity.deviceClass === query.deviceClass)
    .map((entity) => {
      const around = new Set(wordsOfName(areaOf(entity) ?? ''))
      const own = [
        entity.name,
        entity.id,
        entity.domain,
        entity.deviceClass ?? '',
        device.get(entity.deviceId ?? '')?.name ?? '',
        ...(entity.labels ?? []),
      ]
      const words = new Set([...own.flatMap(wordsOfName), ...around])
      const inArea = area.every((word) => around.has(word))
      return { entity, hits: wanted.filter((word) => words.has(word)).length, inArea }
    })
    .filter((each) => each.inArea)
  const cut = (matching: typeof scored, exact: boolean): CatalogueResult => ({
    found: matching.slice(0, query.limit).map(({ entity }) => toEntry(entity, areaOf(entity))),
    total: matching.length,
    exact,
  })
  const whole = scored.filter((each) => each.hits === wanted.length)
  if (whole.length > 0) return cut(whole, true)
  const most = Math.max(0, ...scored.map((each) => each.hits))
  if (most === 0 || most * 2 < wanted.length) return cut([], true)
  return cut(
    scored.filter((each) => each.hits === most),
    false,
  )
}

function toEntry({ id, name, domain, deviceClass, unit }: Entity, area: string | null): CatalogueEntry {
  return { id, name, area, domain, deviceClass, unit }
}
