import { searchTerms, type TermSource } from '../domain/catalogue/search-terms.ts'
import { indexRegistries, keyOf, textsOf } from '../domain/catalogue/terms.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Registries } from '../domain/home-data.ts'
import type { HomeSource } from './port.ts'

/** A catalogue that reads the registries for each search: for services without a database. It finds what the other finds. */
export function createRegistryCatalogue(home: HomeSource): Catalogue {
  // A home gives the same registries until they change; sorting ten thousand names anew for each search would be felt.
  let last: { readonly registries: Registries; readonly terms: TermSource } | null = null
  return {
    async search(query, signal) {
      const registries = await home.registries({ signal })
      if (last?.registries !== registries) last = { registries, terms: termsOf(registries) }
      return await searchTerms(last.terms, query)
    },
  }
}

/** The terms of registries, in memory. */
export function termsOf(registries: Registries): TermSource {
  const { entries, terms } = indexRegistries(registries)
  const byKey = new Map(terms.map((term) => [keyOf(term), term.places]))
  return {
    async places(wanted) {
      return new Map(
        wanted.flatMap((term) => {
          const places = byKey.get(keyOf(term))
          return places === undefined ? [] : [[keyOf(term), places]]
        }),
      )
    },
    async texts(kind) {
      return textsOf(terms, kind)
    },
    async entries(places) {
      return places.flatMap((place) => entries[place] ?? [])
    },
  }
}
