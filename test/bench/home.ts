import { sql } from 'drizzle-orm'
import { energySeries } from '../../shared/analysis/series/from-rows.ts'
import type { HomeAssistant } from '../../shared/home/home_assistant/home-assistant.ts'
import { searchCatalogue } from '../../shared/storage/catalogue/search-catalogue.ts'
import { syncCatalogue } from '../../shared/storage/catalogue/sync-catalogue.ts'
import type { Db } from '../../shared/storage/db.ts'
import { catalogueHomes } from '../../shared/storage/schema/catalogue.ts'
import { openDatabase } from '../harness/database.ts'
import type { LargeHome } from './home-worker.ts'
import { openLargeHome } from './large-home.ts'
import { compareToFloor, quantile, type Ratio } from './rounds.ts'

const SIZE: LargeHome = { entities: 10_000, statistics: 400, hours: 720 }
const open = () => ({ signal: new AbortController().signal })

/**
 * A home of 10,000 entities and 400 statistics (target P10): the catalogue's first and unchanged sync, searches, and a
 * month of hours into series.
 */
export async function benchHome(): Promise<Ratio[]> {
  const { home, close } = await openLargeHome(SIZE)
  const database = await openDatabase()
  try {
    return [...(await benchCatalogue(home, database.db)), ...(await benchRows(home))]
  } finally {
    await database.drop()
    await close()
  }
}

async function benchCatalogue(home: HomeAssistant, db: Db): Promise<Ratio[]> {
  const registries = await home.registries(open())
  const bare = JSON.stringify(registries.entities)
  let turn = 0
  const sync = (homeId: string) => syncCatalogue(db, { homeId, registries, now: 0 })
  const floor = {
    name: `floor: ${SIZE.entities} entities into a bare table`,
    run: async () => {
      await db.execute(sql`create temp table if not exists bare (id text, name text)`)
      await db.execute(
        sql`insert into bare select id, name from jsonb_to_recordset(${bare}::text::jsonb) as t(id text, name text)`,
      )
    },
  }
  await sync('same')
  const synced = await compareToFloor(
    floor,
    [
      {
        name: `first sync of ${SIZE.entities} entities`,
        run: async () => {
          const homeId = `new ${turn++}`
          await sync(homeId)
          return () => db.delete(catalogueHomes).where(sql`id = ${homeId}`)
        },
      },
      { name: 'unchanged sync', run: () => sync('same') },
    ],
    { rounds: 9, calls: 1 },
  )
  const times: number[] = []
  const search = async (query: object) => {
    const start = performance.now()
    await searchCatalogue(db, {
      ...{ query: '', area: '', domain: '', deviceClass: '', limit: 50, homeId: 'same' },
      ...query,
    })
    times.push(performance.now() - start)
  }
  const searched = await compareToFloor(
    { name: 'floor: select 1', run: () => db.execute(sql`select 1`) },
    [
      { name: 'search: words', run: () => search({ query: `lamp ${(turn++ % 250) * 40}` }) },
      { name: 'search: a misspelt word', run: () => search({ query: 'cieling lihgt' }) },
      { name: 'search: area and kind', run: () => search({ area: `room ${turn++ % 40}`, domain: 'light' }) },
      { name: 'search: most of the words', run: () => search({ query: 'ceiling light sensor' }) },
    ],
    { rounds: 9, calls: 25 },
  )
  return [...synced, ...searched.map((row, i) => (i === 0 ? row : { ...row, p99: quantile(times, 0.99) }))]
}

async function benchRows(home: HomeAssistant): Promise<Ratio[]> {
  const ids = (await home.statisticIds(open())).map((meta) => meta.id)
  const end = Date.now()
  const query = { ids, period: 'hour', start: end - SIZE.hours * 3_600_000, end } as const
  const text = JSON.stringify(Object.fromEntries(await home.statistics(query, open())))
  const rows = SIZE.statistics * SIZE.hours
  return compareToFloor(
    { name: `floor: ${rows} rows, JSON.parse`, run: async () => JSON.parse(text) },
    [
      {
        name: `${rows} hourly rows from Home Assistant into series`,
        run: async () => {
          const found = await home.statistics(query, open())
          return void [...found].map(([id, own]) => energySeries(id, id, own, 'hour'))
        },
      },
    ],
    { rounds: 9, calls: 1 },
  )
}
