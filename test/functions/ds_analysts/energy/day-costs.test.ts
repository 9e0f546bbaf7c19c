import { expect, it } from 'vitest'
import type { Focus } from '../../../../shared/domain/analysis.ts'
import { createMeterHome } from '../../../fakes/meter-home.ts'
import { analyseAt } from '../../../harness/analysis.ts'
import { START } from './analyse.ts'

/** A week at 0.30 a kWh: 1 kWh an hour, 2 on the third day, 0.5 on the fifth; of the last day four hours are known. */
const home = createMeterHome({
  start: START,
  hours: 7 * 24,
  columns: ['grid_import_kwh', 'rate'],
  row: (hour) => {
    const day = Math.floor(hour / 24)
    if (day === 6 && hour % 24 >= 4) return null
    return [day === 2 ? 2 : day === 4 ? 0.5 : 1, 0.3]
  },
})

const analyse = (focus: readonly Focus[]) => analyseAt(home, START, { focus })

it('names the dearest and the cheapest of the days of which enough is known', async () => {
  const { metrics, findings } = await analyse(['cost', 'profile'])
  const metric = (name: string) => metrics.find((each) => each.name === name)
  expect(metric('dearest_day')?.value).toBeCloseTo(24 * 2 * 0.3, 9)
  expect(metric('dearest_day')?.at).toBe(new Date(START + 2 * 86_400_000).toISOString())
  expect(metric('cheapest_day')?.value).toBeCloseTo(24 * 0.5 * 0.3, 9)
  expect(metric('cheapest_day')).toMatchObject({
    unit: 'EUR',
    at: new Date(START + 4 * 86_400_000).toISOString(),
  })
  expect(findings.find(({ kind }) => kind === 'profile')?.statement).toMatch(/^The dearest day was /)
})

it('says nothing of money where only the days are asked for', async () => {
  const { metrics } = await analyse(['profile'])
  expect(metrics.some(({ name }) => name === 'dearest_day')).toBe(false)
})
