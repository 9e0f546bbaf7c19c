import type { CatalogueEntry } from '../catalogue.ts'
import type { Registries } from '../home-data.ts'
import { wordsOfName } from '../name-words.ts'

/** What an entity can be found by: a word or number of its names, a word of its area's name, its kind; `all` has them all. */
export type TermKind = 'word' | 'number' | 'area' | 'domain' | 'device_class' | 'all'

export interface Term {
  readonly kind: TermKind
  readonly text: string
}

/** A term with the places, in the list of entities, of those that have it. */
export interface IndexedTerm extends Term {
  readonly places: readonly number[]
}

/** The term under which everything stands. */
export const EVERYTHING: Term = { kind: 'all', text: '' }

/** Longer texts count as far as this: no word is so long, and a table's key may not be. */
const MOST_LETTERS = 64

/** A text as a term. */
export function termOf(kind: TermKind, text: string): Term {
  return { kind, text: text.slice(0, MOST_LETTERS).toWellFormed() }
}

/** A word of a name as a term. A number is right or wrong, but never misspelt, so it is kept apart. */
export function wordTerm(text: string): Term {
  return termOf(/^\d+$/.test(text) ? 'number' : 'word', text)
}

/** The same text for equal terms. */
export function keyOf({ kind, text }: Term): string {
  return `${kind} ${text}`
}

/** Entities in the registries' order, and what they are found by; disabled ones are found by nothing. */
export function indexRegistries({ areas, devices, entities }: Registries): {
  readonly entries: readonly CatalogueEntry[]
  readonly terms: readonly IndexedTerm[]
} {
  const areaName = new Map(areas.map((area) => [area.id, area.name]))
  const deviceById = new Map(devices.map((device) => [device.id, device]))
  const terms = new Map<string, Term & { readonly places: number[] }>()
  const entries = entities.map((entity, place) => {
    const { id, name, domain, deviceClass, unit, labels = [] } = entity
    const device = deviceById.get(entity.deviceId ?? '')
    const area = areaName.get(entity.areaId ?? device?.areaId ?? '') ?? null
    const add = (term: Term) => {
      const key = keyOf(term)
      const known = terms.get(key)
      if (known === undefined) terms.set(key, { ...term, places: [place] })
      else if (known.places.at(-1) !== place) known.places.push(place)
    }
    if (!entity.disabled) {
      add(EVERYTHING)
      add(termOf('domain', domain))
      if (deviceClass !== null) add(termOf('device_class', deviceClass))
      const around = wordsOfName(area ?? '')
      const own = [name, id, domain, deviceClass ?? '', device?.name ?? '', ...labels].flatMap(wordsOfName)
      for (const word of [...own, ...around]) add(wordTerm(word))
      for (const word of around) add(termOf('area', word))
    }
    return { id, name, area, domain, deviceClass, unit }
  })
  return { entries, terms: [...terms.values()] }
}

/** All texts of a kind, those of most entities first. */
export function textsOf(terms: readonly IndexedTerm[], kind: TermKind): readonly string[] {
  return terms
    .filter((term) => term.kind === kind)
    .sort((a, b) => b.places.length - a.places.length || (a.text < b.text ? -1 : 1))
    .map((term) => term.text)
}
