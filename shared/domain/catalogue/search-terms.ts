import type { CatalogueEntry, CatalogueQuery, CatalogueResult } from '../catalogue.ts'
import { wordsOfName } from '../name-words.ts'
import { likestWord } from './likest.ts'
import { EVERYTHING, keyOf, type Term, type TermKind, termOf, wordTerm } from './terms.ts'

/** The terms of a home, wherever they are kept. */
export interface TermSource {
  /** Places of the entities that have each term, rising, by `keyOf`; what nothing has is absent. */
  places(terms: readonly Term[]): Promise<ReadonlyMap<string, readonly number[]>>
  /** All texts of a kind, those of most entities first. */
  texts(kind: TermKind): Promise<readonly string[]>
  /** The entities at these places, in their order. */
  entries(places: readonly number[]): Promise<readonly CatalogueEntry[]>
}

/** Words of a query that count. */
const MOST_WORDS = 6
const NOTHING: CatalogueResult = { found: [], total: 0, exact: true }

/**
 * Entities that have all words of the query and pass its filters; where none has them all, those that have most of them
 * (at least half). A word that no entity has is taken for the likest one that some has; `exact` is false then.
 */
export async function searchTerms(source: TermSource, query: CatalogueQuery): Promise<CatalogueResult> {
  const words = wordsIn(query.query).map(wordTerm)
  const areas = wordsIn(query.area).map((text) => termOf('area', text))
  const filters = [
    ...areas,
    ...(query.domain === '' ? [] : [termOf('domain', query.domain)]),
    ...(query.deviceClass === '' ? [] : [termOf('device_class', query.deviceClass)]),
  ]
  const asked = [...words, ...filters]
  const known = await source.places(asked.length === 0 ? [EVERYTHING] : asked)
  const meant = await correct(source, [...words, ...areas], known)
  const corrected = [...meant.values()].filter((term) => term !== null)
  const places = corrected.length === 0 ? known : new Map([...known, ...(await source.places(corrected))])
  const placesOf = (term: Term) => {
    const used = meant.has(keyOf(term)) ? meant.get(keyOf(term)) : term
    return (used && places.get(keyOf(used))) ?? []
  }
  const within = filters.length === 0 ? null : common(filters.map(placesOf))
  if (words.length === 0)
    return await page(within ?? places.get(keyOf(EVERYTHING)) ?? [], corrected.length === 0)
  // Two words that are taken for one count once.
  const { hits, found } = withMost([...new Set(words.map(placesOf))], within)
  if (hits === 0 || hits * 2 < words.length) return NOTHING
  return await page(found, hits === words.length && corrected.length === 0)

  async function page(all: readonly number[], exact: boolean): Promise<CatalogueResult> {
    if (all.length === 0) return NOTHING
    return { found: await source.entries(all.slice(0, query.limit)), total: all.length, exact }
  }
}

function wordsIn(text: string): readonly string[] {
  return [...new Set(wordsOfName(text))].slice(0, MOST_WORDS)
}

/** Unknown terms with the likest ones that are known, or null; by `keyOf`. */
async function correct(
  source: TermSource,
  terms: readonly Term[],
  known: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, Term | null>> {
  const strange = terms.filter((term) => term.kind !== 'number' && !known.has(keyOf(term)))
  const texts = new Map<TermKind, readonly string[]>()
  for (const kind of new Set(strange.map((term) => term.kind))) texts.set(kind, await source.texts(kind))
  return new Map(
    strange.map(({ kind, text }) => {
      const likest = likestWord(text, texts.get(kind) ?? [])
      return [keyOf({ kind, text }), likest === null ? null : { kind, text: likest }]
    }),
  )
}

/** Places that all lists have. */
function common(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.reduce((kept, list) => {
    const own = new Set(list)
    return kept.filter((place) => own.has(place))
  })
}

/** Places that most of the lists have, and how many lists that is; `within` limits them. */
function withMost(
  lists: readonly (readonly number[])[],
  within: readonly number[] | null,
): { hits: number; found: readonly number[] } {
  const allowed = within && new Set(within)
  const count = new Map<number, number>()
  let hits = 0
  for (const place of lists.flat()) {
    if (allowed && !allowed.has(place)) continue
    const many = (count.get(place) ?? 0) + 1
    count.set(place, many)
    hits = Math.max(hits, many)
  }
  const found = [...count].filter(([, many]) => many === hits).map(([place]) => place)
  return { hits, found: found.sort((a, b) => a - b) }
}
