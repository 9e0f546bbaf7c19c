import { type SQL, sql } from 'drizzle-orm'
import type { CatalogueEntry, CatalogueQuery, CatalogueResult } from '../../domain/catalogue.ts'
import { wordsOfName } from '../../domain/name-words.ts'
import type { Db } from '../db.ts'
import { likestWord } from './likest.ts'
import { isNumber } from './rows.ts'

/** Words that look most like a misspelt one by their trigrams; which of them is meant is settled letter by letter. */
const CANDIDATES = 20
/** Words of a query that count. */
const MOST_WORDS = 6

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
  if (words.length === 0) return asked.length > 0 ? NOTHING : find(db, filters, input)
  // As many words as possible, at least half of what was asked: fewer are tried where nothing has more.
  for (let many = words.length; many * 2 >= asked.length && many > 0; many--) {
    const result = await find(db, [...filters, hasSome(words, many)], input)
    if (result.total > 0) return { ...result, exact: many === asked.length && !corrected }
  }
  return NOTHING
}

const NOTHING: CatalogueResult = { found: [], total: 0, exact: true }

const arrayOf = (words: readonly string[]): SQL =>
  sql`array[${sql.join(
    words.map((word) => sql`${word}`),
    sql`, `,
  )}]::text[]`
const hasAll = (words: readonly string[]): SQL => sql`words @> ${arrayOf(words)}`

/** True of an entity that has this many of the words; each choice of them can use the index. */
const hasSome = (words: readonly string[], many: number): SQL =>
  sql`(${sql.join(choicesOf(words, many).map(hasAll), sql` or `)})`

/** All ways to choose this many of the words. */
function choicesOf(words: readonly string[], many: number): readonly (readonly string[])[] {
  const [first, ...rest] = words
  if (many === 0) return [[]]
  if (first === undefined || words.length < many) return []
  return [...choicesOf(rest, many - 1).map((choice) => [first, ...choice]), ...choicesOf(rest, many)]
}

/** The area's words, each as it is or as the likest that the home has. */
async function areaFilter(db: Db, input: CatalogueQuery & { homeId: string }): Promise<SQL[]> {
  const asked = wordsOfName(input.area).slice(0, MOST_WORDS)
  if (asked.length === 0) return []
  const { words } = await correct(db, input.homeId, asked)
  // An area's words are among the entity's, which have the index.
  return words.length === asked.length ? [hasAll(words), sql`area_words @> ${arrayOf(words)}`] : [sql`false`]
}

/** Words as they are where some entity has them, else the likest one; those like none are left out. */
async function correct(
  db: Db,
  homeId: string,
  words: readonly string[],
): Promise<{ words: readonly string[]; corrected: boolean }> {
  if (words.length === 0) return { words, corrected: false }
  const known = await db.execute<{ word: string }>(
    sql`select word from catalogue_words where home_id = ${homeId} and word = any(${arrayOf(words)})`,
  )
  const whole = new Set(known.map((row) => row.word))
  const strange = words.filter((word) => !whole.has(word) && !isNumber(word))
  if (strange.length === 0) return { words, corrected: false }
  const near = await db.execute<{ asked: string; word: string }>(sql`
    select asked, word from unnest(${arrayOf(strange)}) as asked cross join lateral (
      select word from catalogue_words
      where home_id = ${homeId} and length(word) between length(asked) - 3 and length(asked) + 3
      order by word <-> asked limit ${CANDIDATES}
    ) as candidates`)
  const likest = (word: string) =>
    likestWord(
      word,
      near.filter((row) => row.asked === word).map((row) => row.word),
    )
  const found = words.flatMap((word) => (!strange.includes(word) ? word : (likest(word) ?? [])))
  return { words: [...new Set(found)], corrected: found.some((word) => !words.includes(word)) }
}

/** A row of the search; `total` is that of all that match. */
type Row = { [K in keyof CatalogueEntry]: CatalogueEntry[K] } & { total: string }

async function find(
  db: Db,
  filters: readonly SQL[],
  input: CatalogueQuery & { homeId: string },
): Promise<CatalogueResult> {
  const where = sql.join([...filters], sql` and `)
  const rows = await db.execute<Row>(sql`
    with matching as (select id, position from catalogue_entities where ${where}),
    page as (select id from matching order by position limit ${input.limit})
    select e.id, e.name, e.area, e.domain, e.device_class as "deviceClass", e.unit,
      (select count(*) from matching) as total
    from page join catalogue_entities e on e.home_id = ${input.homeId} and e.id = page.id
    order by e.position`)
  const found = rows.map(({ total: _total, ...entry }) => entry)
  return { found, total: Number(rows[0]?.total ?? 0), exact: true }
}
