import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { sql } from 'drizzle-orm'
import { openTransport } from '../../infrastructure/node/home-transport.ts'
import { energySeries } from '../../shared/analysis/series/from-rows.ts'
import { createHomeAssistant, type HomeAssistant } from '../../shared/home/home_assistant/home-assistant.ts'
import { searchCatalogue } from '../../shared/storage/catalogue/search-catalogue.ts'
import { syncCatalogue } from '../../shared/storage/catalogue/sync-catalogue.ts'
import type { Db } from '../../shared/storage/db.ts'
import { catalogueHomes } from '../../shared/storage/schema/catalogue.ts'
import { openDatabase } from '../harness/database.ts'
import { oneProcess } from '../harness/one-process.ts'
import type { LargeHome } from './home-worker.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

const SIZE: LargeHome = { entities: 10_000, statistics: 400, hours: 720 }
const open = () => ({ signal: new AbortController().signal })

/**
 * A home of 10,000 entities and 400 statistics (target P10): the catalogue's first and unchanged sync, searches, a month
 * of hours into series, and chat while 1,000 events a second come in.
 */
export async function benchHome(): Promise<Ratio[]> {
  const worker = new Worker(join(import.meta.dirname, 'home-worker.ts'), { workerData: SIZE })
  const fake = await new Promise<{ url: string; token: string }>((resolve) => worker.once('message', resolve))
  const transport = openTransport(null)
  const home = createHomeAssistant({
    ...fake,
    openWebSocket: transport.openWebSocket,
    fetch: transport.fetch,
    now: () => Date.now(),
    random: () => Math.random(),
    tariff: null,
  })
  const database = await openDatabase()
  try {
    return [
      ...(await benchCatalogue(home, database.db)),
      ...(await benchRows(home)),
      ...(await benchStorm(home, worker)),
    ]
  } finally {
    await database.drop()
    home.close()
    await transport.close()
    worker.postMessage('end')
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

async function benchStorm(home: HomeAssistant, worker: Worker): Promise<Ratio[]> {
  const deployment = await oneProcess.start({ home, homeHealth: home.health, sandbox: false })
  const times = { calm: [] as number[], storm: [] as number[] }
  const ask = async (weather: 'calm' | 'storm') => {
    const start = performance.now()
    const response = await deployment.fetch('/api/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'aether/architect',
        messages: [{ role: 'user', content: 'Is the motion 4 light on?' }],
      }),
    })
    if (!response.ok) throw new Error(`${response.status}`)
    await response.text()
    times[weather].push(performance.now() - start)
  }
  const inWeather = (weather: 'calm' | 'storm') => async () => {
    worker.postMessage(weather)
    for (let i = 0; i < 20; i++) await ask(weather)
  }
  const before = home.health().live
  const memory = process.memoryUsage().rss
  try {
    const rows = await compareToFloor(
      { name: 'floor: chat, calm', run: inWeather('calm'), units: 20 },
      [{ name: 'chat, 1,000 events a second', run: inWeather('storm'), units: 20 }],
      { rounds: 9, calls: 1 },
    )
    const { received, coalesced, dropped } = home.health().live
    const grown = (process.memoryUsage().rss - memory) / 2 ** 20
    console.log(
      `  storm: ${received - before.received} changes, ${coalesced - before.coalesced} coalesced, ${dropped} dropped, ${grown.toFixed(0)} MB more`,
    )
    return rows.map((row, i) => ({ ...row, p99: quantile(i === 0 ? times.calm : times.storm, 0.99) }))
  } finally {
    worker.postMessage('calm')
    await deployment.stop()
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
