import { searchTerms, type TermSource } from '../domain/catalogue/search-terms.ts'
import { indexRegistries, keyOf, textsOf } from '../domain/catalogue/terms.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { Registries } from '../domain/home-data.ts'
import type { HomeSource } from './port.ts'

/** A catalogue that reads the registries for each search: for services without a database. It finds what the other finds. */
export function createRegistryCatalogue(home: HomeSource): Catalogue {
  return {
    async search(query, signal) {
      return await searchTerms(termsOf(await home.registries({ signal })), query)
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
