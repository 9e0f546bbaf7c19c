import { describe, expect, it } from 'vitest'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import { HOSTILE_NAME } from '../../../../shared/home/demo/energy-things.ts'
import { describeHomeSource } from '../../../contract/home-source.ts'

const NOW = Date.parse('2026-11-24T10:07:31Z')
const DAY = 86_400_000
const open = () => ({ signal: new AbortController().signal })
const homeAt = (now: number, seed?: number) =>
  createDemoHome(seed === undefined ? { now: () => now } : { now: () => now, seed })

describeHomeSource('demo', () => homeAt(NOW))
describeHomeSource('demo in the week of the clock change', () => homeAt(Date.parse('2026-10-28T02:10:00Z')))

const present = homeAt(NOW)

describe('createDemoHome', () => {
  it('is a home in Berlin with more than a year of data up to the last whole five minutes', async () => {
    const info = await present.info(open())
    expect(info).toMatchObject({
      id: 'demo',
      name: 'Demo home',
      source: 'demo',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
    })
    expect(info.now).toBe('2026-11-24T10:07:31.000Z')
    expect(info.dataEnd).toBe('2026-11-24T10:05:00.000Z')
    expect(Date.parse(info.dataEnd) - Date.parse(info.dataStart)).toBeGreaterThan(400 * DAY)
  })

  it('has the entities of a whole house', async () => {
    const { areas, entities } = await present.registries(open())
    expect(areas.length).toBeGreaterThanOrEqual(8)
    expect(entities.length).toBeGreaterThanOrEqual(60)
    const count = (domain: string) => entities.filter((entity) => entity.domain === domain).length
    expect(count('light')).toBeGreaterThanOrEqual(10)
    expect(count('person')).toBe(2)
    for (const domain of ['binary_sensor', 'climate', 'cover', 'lock', 'switch', 'automation'])
      expect(count(domain)).toBeGreaterThan(0)
  })

  it.each(['2019-06-01T12:00:00Z', '2024-02-29T23:59:59Z', '2026-03-29T01:30:00Z', '2031-01-01T00:00:00Z'])(
    'works at %s',
    async (iso) => {
      const now = Date.parse(iso)
      const home = homeAt(now)
      const info = await home.info(open())
      const query = { ids: ['sensor.grid_import_energy'], period: 'hour' as const }
      const first = await home.statistics(
        { ...query, start: Date.parse(info.dataStart), end: Date.parse(info.dataStart) + DAY },
        open(),
      )
      expect(first.get('sensor.grid_import_energy')).toHaveLength(24)
      const last = await home.statistics({ ...query, start: now - DAY, end: now + DAY }, open())
      expect(last.get('sensor.grid_import_energy')?.at(-1)?.end).toBe(Math.floor(now / 3_600_000) * 3_600_000)
      expect((await home.states(open())).every((state) => state.lastChanged <= now)).toBe(true)
    },
  )

  it('gives an instant the same value whatever the present is', async () => {
    const query = {
      ids: [
        'sensor.grid_import_energy',
        'sensor.solar_power',
        'sensor.office_temperature',
        'sensor.fridge_freezer_energy',
      ],
      period: 'hour' as const,
      start: Date.parse('2026-11-08T00:00:00Z'),
      end: Date.parse('2026-11-10T00:00:00Z'),
    }
    const one = await present.statistics(query, open())
    const other = await homeAt(NOW + 31 * DAY).statistics(query, open())
    expect(other).toEqual(one)
    expect([...one.values()].map((rows) => rows.length)).toEqual([48, 48, 48, 48])
  })

  it('keeps its past while its clock goes on', async () => {
    let now = NOW
    const home = createDemoHome({ now: () => now })
    const query = {
      entityIds: ['sensor.fridge_freezer_power', 'binary_sensor.bathroom_window'],
      start: NOW - DAY,
      end: NOW,
    }
    const before = await home.history(query, open())
    now += 120 * DAY
    expect(await home.history(query, open())).toEqual(before)
  })

  it('is another home with another seed', async () => {
    const query = {
      ids: ['sensor.grid_import_energy'],
      period: 'day' as const,
      start: NOW - 3 * DAY,
      end: NOW,
    }
    const one = await homeAt(NOW, 1).statistics(query, open())
    const two = await homeAt(NOW, 2).statistics(query, open())
    expect(one).not.toEqual(two)
  })

  it('tells states that agree with the history', async () => {
    const home = present
    const states = await home.states(open())
    const history = await home.history(
      { entityIds: states.map((state) => state.entityId), start: NOW - 2 * DAY, end: NOW },
      open(),
    )
    for (const state of states)
      expect(history.get(state.entityId)?.at(-1)?.state, state.entityId).toBe(state.state)
  })

  it('knows which lights are on in the evening', async () => {
    const states = await homeAt(Date.parse('2026-11-23T19:00:00Z')).states(open())
    const on = states.filter((state) => state.entityId.startsWith('light.') && state.state === 'on')
    expect(on.map((state) => state.entityId)).toEqual(
      expect.arrayContaining(['light.living_room_floor_lamp', 'light.garden_path', 'light.front_door']),
    )
    expect(on.length).toBeLessThan(12)
  })

  it('carries the hostile name as it stands', async () => {
    const home = present
    const { entities } = await home.registries(open())
    expect(entities.filter((entity) => entity.name === HOSTILE_NAME).map((entity) => entity.id)).toEqual([
      'sensor.guest_room_plug_energy',
    ])
    expect(HOSTILE_NAME).toMatch(/["'].*\n[\s\S]*os\.system/)
    const preferences = await home.energyPreferences(open())
    expect(preferences?.devices.map((device) => device.name)).toContain(HOSTILE_NAME)
  })

  it('lists automations with their last run, one disabled, one with a light that is missing', async () => {
    const home = present
    const automations = await home.automations(open())
    const { entities } = await home.registries(open())
    const disabled = automations.filter((one) => !one.enabled)
    expect(disabled.map((one) => one.entityId)).toEqual(['automation.holiday_presence_simulation'])
    expect(disabled[0]?.lastTriggered).toBeNull()
    const missing = automations.filter((one) =>
      [...JSON.stringify(one.config).matchAll(/"([a-z_]+\.[a-z_]+)"/g)]
        .map((match) => match[1] ?? '')
        .filter((id) => /^(light|lock|cover|binary_sensor|person|switch)\./.test(id) && !id.includes('turn_'))
        .some(
          (id) =>
            !/\.(lock|close_cover|open_cover)$/.test(id) && !entities.some((entity) => entity.id === id),
        ),
    )
    expect(missing.map((one) => one.entityId)).toEqual(['automation.garage_light_on_arrival'])
    for (const one of automations) if (one.enabled) expect(one.lastTriggered).toBeLessThanOrEqual(NOW)
    expect(await home.repairs(open())).toMatchObject([{ domain: 'automation', severity: 'warning' }])
    expect(await home.services(open())).toContain('light.turn_on')
  })

  it('notes the change of clocks where it is in the span', async () => {
    const home = present
    const autumn = { start: Date.parse('2026-10-20T00:00:00Z'), end: Date.parse('2026-10-30T00:00:00Z') }
    expect(await home.notes(autumn, open())).toEqual([
      {
        kind: 'clock_change',
        text: 'On 25 Oct 2026 the clocks changed, so that day has 25 hours.',
        at: Date.parse('2026-10-24T22:00:00Z'),
      },
    ])
    expect(await home.notes({ start: NOW - 7 * DAY, end: NOW }, open())).toEqual([])
  })
})
