import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { ask, read, type Streamed } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { startAether } from './aether.ts'
import { METER } from './furnish.ts'
import { localTime, tariffOf, truthOf } from './household.ts'
import { openOwnerSocket } from './owner-socket.ts'
import { describeReleases } from './releases.ts'

/** An analysis as far as it is looked at here. */
interface Analysis {
  readonly metrics: readonly {
    readonly name: string
    readonly label: string | null
    readonly value: number
    readonly unit: string
  }[]
  readonly scripts: readonly { readonly exit_class: string; readonly tier: string }[]
}

const household = inject('household')
const truth = truthOf(household)
const first = household.readings[0]!.start
const end = household.readings.at(-1)!.start + 3_600_000

/** Such as "25 November 2011". */
function dayOf(at: number): string {
  const date = new Date(`${localTime(at).date}T00:00:00Z`)
  const month = date.toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`
}

/** Asks for the household's whole time; gives the answer with its analysis. */
async function askForAll(
  aether: Pick<Deployment, 'fetch'>,
): Promise<{ readonly answer: Streamed; readonly analysis: Analysis }> {
  const span = `from ${dayOf(first)} to ${dayOf(end - 1)}`
  const answer = await ask(aether, `How much energy did I use ${span}, and what did it cost?`)
  const run = await read<{ analysis_ids: string[] }>(aether, `/api/v1/runs/${answer.runId}`)
  return { answer, analysis: await read<Analysis>(aether, `/api/v1/analyses/${run.analysis_ids[0]}`) }
}

function metricOf({ metrics }: Analysis, name: string): number {
  return metrics.find((each) => each.name === name && each.label === null)?.value ?? Number.NaN
}

describeReleases("a household's energy", (home) => {
  let aether: Pick<Deployment, 'fetch' | 'stop'>
  let answer: Streamed
  let analysis: Analysis
  beforeAll(async () => {
    aether = await startAether(home, tariffOf(household))
    const asked = await askForAll(aether)
    answer = asked.answer
    analysis = asked.analysis
  })
  afterAll(async () => {
    await aether?.stop()
  })
  it('is told right to 0.01 kWh and to the cent', () => {
    expect(analysis.metrics.find((each) => each.name === 'energy_total')?.unit).toBe('kWh')
    expect(Math.abs(metricOf(analysis, 'energy_total') - truth.kwh)).toBeLessThanOrEqual(0.01)
    expect(Math.abs(metricOf(analysis, 'energy_cost') - truth.bill)).toBeLessThanOrEqual(0.01)
    expect(answer.text).toContain(`${Number(truth.kwh.toFixed(2))} kWh`)
    expect(answer.text).toContain(`${truth.bill.toFixed(2)} CAD`)
    expect(answer.text).toContain(`The data comes from Home Assistant ${home.version}.`)
  })

  it("is confirmed by the home's own cost statistics", () => {
    expect(Math.abs(metricOf(analysis, 'recorded_cost') - truth.bill)).toBeLessThanOrEqual(0.01)
  })

  it('is computed a second way in gVisor', () => {
    expect(analysis.scripts.map((each) => [each.exit_class, each.tier])).toEqual([['ok', 'gvisor']])
  })

  it.each(['hour', 'day', 'week', 'month'])(
    "is what Home Assistant's own statistics by the %s say",
    async (period) => {
      const owner = await openOwnerSocket(home.url, home.token)
      try {
        const rows = (await owner.call({
          type: 'recorder/statistics_during_period',
          start_time: new Date(first).toISOString(),
          end_time: new Date(end).toISOString(),
          statistic_ids: [METER],
          period,
          types: ['change'],
        })) as Record<string, readonly { readonly change: number }[]>
        const total = rows[METER]?.reduce((sum, { change }) => sum + change, 0) ?? 0
        expect(Math.abs(total - truth.kwh)).toBeLessThanOrEqual(0.01)
      } finally {
        owner.close()
      }
    },
  )
})

describeReleases("a household's bill without a tariff of its own", (home) => {
  it("comes from Home Assistant's cost statistics, to the cent", async () => {
    const aether = await startAether(home, null)
    try {
      const { answer, analysis } = await askForAll(aether)
      expect(Math.abs(metricOf(analysis, 'energy_cost') - truth.bill)).toBeLessThanOrEqual(0.01)
      expect(answer.text).toContain(`${truth.bill.toFixed(2)} CAD`)
      expect(metricOf(analysis, 'recorded_cost')).toBeNaN()
    } finally {
      await aether.stop()
    }
  })
})
