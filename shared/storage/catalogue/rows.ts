import { indexRegistries, textsOf } from '../../domain/catalogue/terms.ts'
import type { Registries } from '../../domain/home-data.ts'

/** The registries as the tables have them; what comes twice under one id is kept once. */
export function toRows(registries: Registries) {
  const areas = unique(registries.areas)
  const devices = unique(registries.devices)
  const own = unique(registries.entities)
  const { entries, terms } = indexRegistries({ areas, devices, entities: own })
  const entities = own.map(({ deviceId, areaId, disabled }, place) => ({
    ...entries[place],
    place,
    deviceId,
    areaId,
    disabled,
  }))
  return {
    areas,
    devices,
    entities,
    terms,
    texts: { word: textsOf(terms, 'word'), area: textsOf(terms, 'area') },
  }
}

function unique<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((each) => [each.id, each])).values()]
}
