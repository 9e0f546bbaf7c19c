import { arrange } from './arrange.ts'
import { CURRENCY, type Household, RATES, type Reading } from './household.ts'
import { type OwnerSocket, openOwnerSocket } from './owner-socket.ts'

export const METER = 'aether:household_energy'
/** What the meter's energy cost, hour by hour, as somebody's own statistic. */
export const COST = 'aether:household_cost'

const READABLE_MS = 60_000

/**
 * Imports a household as statistics of one meter, makes it the grid's in the energy settings, arranges the rest, and
 * waits until the statistics can be read.
 */
export async function furnish(
  home: { readonly url: string; readonly token: string },
  household: Household,
): Promise<void> {
  const owner = await openOwnerSocket(home.url, home.token)
  try {
    await importStatistics(owner, household)
    await saveGrid(owner)
    await arrange(owner)
    await runAutomation(owner)
    await untilReadable(owner, household)
  } finally {
    owner.close()
  }
}

async function importStatistics(owner: OwnerSocket, { readings }: Household): Promise<void> {
  await importMeter(owner, { id: METER, name: 'Household energy', unit: 'kWh' }, readings, ({ kwh }) => kwh)
  await importMeter(
    owner,
    { id: COST, name: 'Household cost', unit: CURRENCY },
    readings,
    ({ kwh, band }) => kwh * RATES[band],
  )
}

async function importMeter(
  owner: OwnerSocket,
  { id, name, unit }: { readonly id: string; readonly name: string; readonly unit: string },
  readings: Household['readings'],
  read: (reading: Reading) => number,
): Promise<void> {
  let sum = 0
  const stats = readings.map((reading) => {
    sum += read(reading)
    return { start: new Date(reading.start).toISOString(), state: sum, sum }
  })
  const metadata = {
    has_mean: false,
    has_sum: true,
    name,
    source: 'aether',
    statistic_id: id,
    unit_of_measurement: unit,
  }
  await owner.call({ type: 'recorder/import_statistics', metadata, stats })
}

/** A grid source is flat since 2026 and held lists before; each release refuses the other's. */
async function saveGrid(owner: OwnerSocket): Promise<void> {
  const flat = { type: 'grid', stat_energy_from: METER, stat_cost: COST, cost_adjustment_day: 0 }
  const price = { stat_cost: COST, entity_energy_price: null, number_energy_price: null }
  const lists = {
    type: 'grid',
    flow_from: [{ stat_energy_from: METER, ...price }],
    flow_to: [],
    cost_adjustment_day: 0,
  }
  const save = (source: unknown) => owner.call({ type: 'energy/save_prefs', energy_sources: [source] })
  await save(flat).catch(() => save(lists))
}

/** Lets one automation run, so that there is a trace of it. */
async function runAutomation(owner: OwnerSocket): Promise<void> {
  const service_data = { entity_id: 'automation.good_night' }
  await owner.call({ type: 'call_service', domain: 'automation', service: 'trigger', service_data })
}

async function untilReadable(owner: OwnerSocket, { readings }: Household): Promise<void> {
  const last = readings.at(-1)?.start ?? 0
  for (const end = Date.now() + READABLE_MS; Date.now() < end; ) {
    const answer = (await owner.call({
      type: 'recorder/statistics_during_period',
      start_time: new Date(last).toISOString(),
      statistic_ids: [METER, COST],
      period: 'hour',
      types: ['sum'],
    })) as Record<string, readonly unknown[]>
    if ([METER, COST].every((id) => (answer[id]?.length ?? 0) > 0)) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`the imported statistics could not be read within ${READABLE_MS / 1000} s`)
}
