import { describe, expect, it } from 'vitest'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { parseExpose } from '../../../shared/home/expose.ts'
import { createExposedHome } from '../../../shared/home/exposed-home.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const options = { signal: new AbortController().signal }
const whole = createDemoHome({ now: () => NOW })
const seen = (...items: string[]) => createExposedHome(whole, parseExpose(items))
const span = { start: NOW - 5 * 86_400_000, end: NOW }

/** Everything that a home gives, as text. */
async function everything(home: ReturnType<typeof seen>): Promise<string> {
  const { entities } = await whole.registries(options)
  const ids = (await whole.statisticIds(options)).map((meta) => meta.id)
  const parts = await Promise.all([
    home.info(options),
    home.registries(options),
    home.states(options),
    home.energyPreferences(options),
    home.statisticIds(options),
    home.statistics({ ids, period: 'day', ...span }, options).then((rows) => [...rows]),
    home.history({ entityIds: entities.map((each) => each.id), ...span }, options).then((rows) => [...rows]),
    home.logbook(span, options),
    home.errorLog(options),
    home.automations(options),
    home.traces(options),
    home.repairs(options),
    home.integrations(options),
    home.notes(span, options),
  ])
  return JSON.stringify(parts)
}

describe('a home seen in part', () => {
  it.each([
    [['kind:light']],
    [['area:Kitchen']],
    [['sensor.grid_import_energy', 'sensor.*_power']],
    [['kind:automation']],
    [['assist']],
    [['light.nothing_of_the_kind']],
  ])('%j: what is hidden is nowhere named', async (items) => {
    const home = seen(...items)
    const text = await everything(home)
    const visible = new Set((await home.registries(options)).entities.map((each) => each.id))
    const { entities } = await whole.registries(options)
    const hidden = entities.filter((each) => !visible.has(each.id))
    expect(hidden.length).toBeGreaterThan(10)
    for (const { id } of hidden) expect(text.split(/[^a-z0-9_.]/)).not.toContain(id)
  })

  it('keeps what a rule names, by kind, area and pattern, whatever another rule says', async () => {
    const home = seen('kind:light', 'area:kitchen', 'sensor.grid_*')
    const { entities, areas } = await home.registries(options)
    const all = (await whole.registries(options)).entities
    const lights = all.filter((each) => each.domain === 'light')
    expect(entities.filter((each) => each.domain === 'light')).toEqual(lights)
    expect(entities.some((each) => each.id.startsWith('sensor.grid_'))).toBe(true)
    expect(entities.some((each) => each.domain === 'person')).toBe(false)
    expect(areas.map((each) => each.name)).toContain('Kitchen')
    expect((await home.states(options)).map((each) => each.entityId).sort()).toEqual(
      entities.map((each) => each.id).sort(),
    )
  })

  it('shows a gas meter without the hidden statistic of its cost', async () => {
    const preferences = async () => ({
      ...{ sources: [], devices: [], power: {} },
      supplies: [{ type: 'gas', statistic: 'sensor.gas', cost: 'sensor.gas_cost' }] as const,
    })
    const withGas = { ...whole, energyPreferences: preferences }
    const home = createExposedHome(withGas, parseExpose(['sensor.gas']))
    expect((await home.energyPreferences(options))?.supplies).toEqual([
      { type: 'gas', statistic: 'sensor.gas', cost: null },
    ])
  })

  it('says that only a part is seen, without saying of what', async () => {
    const { notes } = await seen('kind:light').info(options)
    expect(notes.at(-1)).toBe('Aether sees only the part of this home that HA_EXPOSE names.')
  })
})

describe('HA_EXPOSE', () => {
  it.each(['', 'two words', 'area:', 'kind:', 'kind:Li ght', 'light', 'sensor.a.b', '(.*)+.x'])(
    'refuses %j without repeating it',
    (item) => {
      expect(() => parseExpose(['assist', item])).toThrow(/^Part 2 must be/)
    },
  )

  it('takes patterns as patterns of ids only', () => {
    const { ids } = parseExpose(['sensor.*_energy', 'aether:household'])
    expect(ids[0]?.test('sensor.oven_energy')).toBe(true)
    expect(ids[0]?.test('sensorXoven_energy')).toBe(false)
    expect(ids[1]?.test('aether:household')).toBe(true)
  })
})
