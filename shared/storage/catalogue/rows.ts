import type { Registries } from '../../domain/home-data.ts'
import { wordsOfName } from '../../domain/name-words.ts'

/** The registries as the tables have them; what comes twice under one id is kept once. */
export function toRows(registries: Registries) {
  const areas = unique(registries.areas)
  const devices = unique(registries.devices)
  const areaNames = new Map(areas.map((area) => [area.id, area.name]))
  const deviceById = new Map(devices.map((device) => [device.id, device]))
  const all = new Set<string>()
  const entities = unique(registries.entities).map((entity, position) => {
    const { id, name, domain, deviceClass, unit, deviceId, disabled } = entity
    const device = deviceById.get(deviceId ?? '')
    const areaId = entity.areaId ?? device?.areaId ?? null
    const area = areaNames.get(areaId ?? '') ?? null
    const areaWords = wordsOfName(area ?? '')
    const labels = entity.labels ?? []
    const own = [name, id, domain, deviceClass ?? '', device?.name ?? '', ...labels].flatMap(wordsOfName)
    const words = [...new Set([...own, ...areaWords])]
    // A number is right or wrong, but never misspelt.
    for (const word of words) if (!isNumber(word)) all.add(word)
    return {
      id,
      position,
      name,
      domain,
      deviceClass,
      unit,
      deviceId,
      areaId,
      area,
      disabled,
      words,
      areaWords,
    }
  })
  return { areas, devices, entities, words: [...all] }
}

/** True for a word of digits alone. */
export function isNumber(word: string): boolean {
  return /^\d+$/.test(word)
}

function unique<T extends { readonly id: string }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((each) => [each.id, each])).values()]
}
