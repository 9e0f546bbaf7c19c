import { type SQL, sql } from 'drizzle-orm'
import type { CatalogueEntry, CatalogueQuery, CatalogueResult } from '../../domain/catalogue.ts'
import { wordsOfName } from '../../domain/name-words.ts'
import type { Db } from '../db.ts'

/** Likeness by trigrams, in [0, 1], from which on a word may be a misspelt other one. */
const LEAST_LIKENESS = 0.35
/** Words of a query that count. */
const MOST_WORDS = 12

/**
 * Entities that match all words of the query; where none does, those that match most of them (at least half). A word that
 * no entity has is taken for the likest one that some has.
 */
export async function searchCatalogue(
  db: Db,
  input: CatalogueQuery & { homeId: string },
): Promise<CatalogueResult> {
  const asked = [...new Set(wordsOfName(input.query))].slice(0, MOST_WORDS)
  const { words, corrected } = await correct(db, input.homeId, asked)
  const filters = [
    sql`home_id = ${input.homeId} and not disabled`,
    ...(input.domain === '' ? [] : [sql`domain = ${input.domain}`]),
    ...(input.deviceClass === '' ? [] : [sql`device_class = ${input.deviceClass}`]),
    ...(await areaFilter(db, input)),
  ]
  if (words.length === 0 && asked.length > 0) return NOTHING
  const whole = words.length === asked.length
  const all = whole
    ? await find(db, [...filters, ...(words.length > 0 ? [hasAll(words)] : [])], null, input)
    : NOTHING
  if (all.total > 0 || words.length < 2) return { ...all, exact: all.total > 0 ? !corrected : true }
  const some = await find(
    db,
    [...filters, sql`words && ${arrayOf(words)}`],
    { words, asked: asked.length },
    input,
  )
  return { ...some, exact: some.total === 0 }
}

const NOTHING: CatalogueResult = { found: [], total: 0, exact: true }

const arrayOf = (words: readonly string[]): SQL =>
  sql`array[${sql.join(
    words.map((word) => sql`${word}`),
    sql`, `,
  )}]::text[]`
const hasAll = (words: readonly string[]): SQL => sql`words @> ${arrayOf(words)}`

/** The area's words, each as it is or as the likest that the home has. */
async function areaFilter(db: Db, input: CatalogueQuery & { homeId: string }): Promise<SQL[]> {
  const asked = wordsOfName(input.area).slice(0, MOST_WORDS)
  if (asked.length === 0) return []
  const { words } = await correct(db, input.homeId, asked)
  return words.length === asked.length ? [sql`area_words @> ${arrayOf(words)}`] : [sql`false`]
}

async function correct(
  db: Db,
  homeId: string,
  words: readonly string[],
): Promise<{ words: readonly string[]; corrected: boolean }> {
  if (words.length === 0) return { words, corrected: false }
  const rows = await db.execute<{ asked: string; word: string }>(sql`
    select asked, word from unnest(${arrayOf(words)}) as asked cross join lateral (
      (select word, 2.0::float4 as likeness from catalogue_words where home_id = ${homeId} and word = asked)
      union all
      (select word, similarity(word, asked) as likeness from catalogue_words
        where home_id = ${homeId} and word % asked and similarity(word, asked) >= ${LEAST_LIKENESS}
        order by similarity(word, asked) desc, word limit 1)
      order by likeness desc limit 1
    ) as best`)
  const likest = new Map(rows.map((row) => [row.asked, row.word]))
  const found = words.flatMap((word) => likest.get(word) ?? [])
  return { words: [...new Set(found)], corrected: words.some((word) => (likest.get(word) ?? word) !== word) }
}

/** A row of the search; `total` is that of all that match. */
type Row = { [K in keyof CatalogueEntry]: CatalogueEntry[K] } & { total: string }

/** `most` keeps those alone that have the most of its words, and at least half of what was asked. */
async function find(
  db: Db,
  filters: readonly SQL[],
  most: { readonly words: readonly string[]; readonly asked: number } | null,
  input: CatalogueQuery,
): Promise<CatalogueResult> {
  const hits = most
    ? sql`(select count(*) from unnest(words) as w where w = any(${arrayOf(most.words)}))`
    : sql`0`
  const rows = await db.execute<Row>(sql`
    with matching as (
      select id, name, area, domain, device_class, unit, position, ${hits} as hits
      from catalogue_entities where ${sql.join([...filters], sql` and `)}
    ), best as (select max(hits) as hits from matching)
    select id, name, area, domain, device_class as "deviceClass", unit, count(*) over () as total
    from matching, best
    where matching.hits = best.hits and best.hits * 2 >= ${most?.asked ?? 0}
    order by position limit ${input.limit}`)
  const found = rows.map(({ total: _total, ...entry }) => entry)
  return { found, total: Number(rows[0]?.total ?? 0), exact: true }
}
