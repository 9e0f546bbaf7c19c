import { sql } from 'drizzle-orm'
import { searchTerms, type TermSource } from '../../domain/catalogue/search-terms.ts'
import { keyOf, type Term } from '../../domain/catalogue/terms.ts'
import type { CatalogueEntry, CatalogueQuery, CatalogueResult } from '../../domain/catalogue.ts'
import type { Db } from '../db.ts'
import { storableText } from '../storable.ts'

/** Searches a home's catalogue as `searchTerms` does, in one snapshot: a sync may come in between. */
export async function searchCatalogue(
  db: Db,
  input: CatalogueQuery & { homeId: string },
): Promise<CatalogueResult> {
  const { homeId, ...query } = input
  return await db.transaction((tx) => searchTerms(termsIn(tx, homeId), query), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  })
}

/** The terms in the tables. Lists of places come as text, which the driver gives as it is. */
function termsIn(tx: Pick<Db, 'execute'>, homeId: string): TermSource {
  return {
    async places(terms) {
      const wanted = terms.map(({ kind, text }) => sql`(${kind}, ${storableText(text)})`)
      const rows = await tx.execute<{ kind: Term['kind']; text: string; places: string }>(sql`
        select kind, text, array_to_string(places, ',') as places from catalogue_terms
        where home_id = ${homeId} and (kind, text) in (${sql.join(wanted, sql`, `)})`)
      return new Map(rows.map((row) => [keyOf(row), row.places.split(',').map(Number)]))
    },
    async texts(kind) {
      const [row] = await tx.execute<{ texts: readonly string[] | null }>(
        sql`select texts -> ${kind}::text as texts from catalogue_homes where id = ${homeId}`,
      )
      return row?.texts ?? []
    },
    async entries(places) {
      return await tx.execute<{ [K in keyof CatalogueEntry]: CatalogueEntry[K] }>(sql`
        select id, name, area, domain, device_class as "deviceClass", unit
        from catalogue_entities where home_id = ${homeId} and place = any(${`{${places.join(',')}}`}::text::integer[])
        order by place`)
    },
  }
}
