import { describe, expect, it } from 'vitest'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'

const NOW = Date.parse('2026-11-24T10:07:00Z')
const DAY = 86_400_000
const home = createDemoHome({ now: () => NOW })
const open = () => ({ signal: new AbortController().signal })
const week = { start: NOW - 7 * DAY, end: NOW }

const changesOf = async (id: string, span = week) =>
  (await home.history({ entityIds: [id], ...span }, open())).get(id) ?? []
const stateOf = async (id: string) => (await home.states(open())).find((state) => state.entityId === id)

describe('states and history of the demo home', () => {
  it('has a temperature sensor that repeats one value for days', async () => {
    const stuck = home.truth(week).faults.find((one) => one.kind === 'stuck_sensor')
    const changes = await changesOf('sensor.hallway_temperature')
    const during = changes.filter(
      (one) => one.at > (stuck?.start ?? 0) + 300_000 && one.at < (stuck?.end ?? 0),
    )
    expect(during).toEqual([])
    expect((stuck?.end ?? 0) - (stuck?.start ?? 0)).toBeGreaterThan(DAY)
    expect(changes.length).toBeGreaterThan(100)
    expect((await changesOf('sensor.kitchen_temperature')).length).toBeGreaterThan(500)
  })

  it('has an outage that takes all devices of one integration within a minute', async () => {
    const outage = home.truth(week).faults.find((one) => one.kind === 'outage')
    const { devices, entities } = await home.registries(open())
    const starts: number[] = []
    for (const id of outage?.entityIds ?? []) {
      const device = entities.find((entity) => entity.id === id)?.deviceId
      expect(devices.find((one) => one.id === device)?.entryId).toBe('zha')
      if (id.includes('bathroom_window')) continue
      const gone = (await changesOf(id)).filter((change) => change.state === 'unavailable')
      expect(gone, id).toHaveLength(1)
      starts.push(gone[0]?.at ?? 0)
    }
    expect(starts.length).toBeGreaterThan(30)
    expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(60_000)
    expect((await changesOf('light.kitchen_ceiling')).some((one) => one.state === 'unavailable')).toBe(false)
  })

  it('has one sensor with a nearly empty battery and one that is gone', async () => {
    expect(await stateOf('sensor.garage_side_door_battery')).toMatchObject({ state: '8' })
    expect(await stateOf('binary_sensor.garage_side_door')).not.toMatchObject({ state: 'unavailable' })
    expect(await stateOf('binary_sensor.bathroom_window')).toMatchObject({ state: 'unavailable' })
    const since = (await stateOf('sensor.bathroom_window_battery'))?.lastChanged ?? 0
    const before = await changesOf('sensor.bathroom_window_battery', {
      start: since - 3600_000,
      end: since + 1,
    })
    expect(before.map((one) => one.state)).toEqual(['3', 'unavailable'])
  })

  it('reads a meter that only grows and a power that fits it', async () => {
    const meter = await changesOf('sensor.grid_import_energy', { start: NOW - DAY, end: NOW })
    const readings = meter.map((one) => Number(one.state))
    expect(readings).toEqual([...readings].sort((a, b) => a - b))
    const truth = home.truth({ start: NOW - DAY, end: NOW })
    expect((readings.at(-1) ?? 0) - (readings[0] ?? 0)).toBeCloseTo(truth.gridImportKwh, 2)
  })

  it('includes the state at the start with the instant at which it began', async () => {
    const span = { start: Date.parse('2026-11-23T20:00:00Z'), end: Date.parse('2026-11-23T20:30:00Z') }
    const [first, ...rest] = await changesOf('light.garden_path', span)
    expect(first?.state).toBe('on')
    expect(first?.at).toBeLessThan(span.start - 3600_000)
    expect(rest).toEqual([])
  })

  it('tells nothing of the future or of before its data', async () => {
    expect(await changesOf('light.garden_path', { start: NOW + 1, end: NOW + DAY })).toEqual([])
    expect(await changesOf('light.garden_path', { start: 0, end: DAY })).toEqual([])
    const late = await changesOf('binary_sensor.hallway_motion', { start: NOW - DAY, end: NOW + DAY })
    expect(late.at(-1)?.at).toBeLessThanOrEqual(NOW)
  })
})
