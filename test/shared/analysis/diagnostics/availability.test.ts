import { describe, expect, it } from 'vitest'
import { availability, silentEntities } from '../../../../shared/analysis/diagnostics/availability.ts'
import { outageClusters } from '../../../../shared/analysis/diagnostics/outages.ts'
import type { Device, Entity, StateChange } from '../../../../shared/domain/home-data.ts'
import { HOUR, MINUTE, MONDAY } from '../points.ts'

const SPAN = { start: MONDAY, end: MONDAY + 168 * HOUR }
const at = (hour: number, state: string): StateChange => ({ at: MONDAY + hour * HOUR, state })
const entity = (id: string, rest: Partial<Entity> = {}): Entity => ({
  id,
  name: id,
  areaId: null,
  deviceId: null,
  domain: 'sensor',
  deviceClass: 'temperature',
  stateClass: 'measurement',
  unit: '°C',
  disabled: false,
  ...rest,
})
const device = (id: string, entryId: string | null): Device => ({
  id,
  name: `Device ${id}`,
  areaId: 'hall',
  manufacturer: null,
  model: null,
  entryId,
})
/** Changes every hour but within the given ones. */
const living = (from = 200, to = 200) =>
  Array.from({ length: 168 }, (_, i) => at(i, String(20 + ((i * 7) % 11)))).filter(
    (_, i) => i < from || i >= to,
  )

describe('availability', () => {
  it('is the share of the known time, and the times that it went', () => {
    const history = new Map([
      ['a', [at(-5, '1'), at(84, 'unavailable')]],
      ['b', [at(0, '1'), ...Array.from({ length: 80 }, (_, i) => at(2 * i + 1, i % 2 ? '1' : 'unknown'))]],
      ['c', living()],
      ['d', []],
    ])
    const rows = availability(history, SPAN)
    expect(rows.map(({ entityId, flaky }) => [entityId, flaky])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ])
    expect(rows[0]?.unavailableShare).toBeCloseTo(0.5)
    expect(rows[1]?.transitionsPerDay).toBeCloseTo(40 / 7)
  })

  it('knows nothing of an empty span', () => {
    expect(availability(new Map([['a', [at(0, '1')]]]), { start: 5, end: 5 })).toEqual([])
  })
})

describe('silentEntities', () => {
  const silent = (
    changes: readonly StateChange[],
    rest: Partial<Entity> = {},
    usual = new Map<string, number>(),
  ) => silentEntities(new Map([['a', changes]]), [entity('a', rest)], SPAN, usual)

  it('finds a day without change in the midst of a lively week', () => {
    expect(silent(living(61, 90))).toMatchObject([{ silentHours: 30, start: MONDAY + 60 * HOUR }])
    expect(silent(living(61, 80))).toEqual([])
  })

  it('finds what never changed and what has no rows at all', () => {
    expect(silent([at(-9, '21')])).toMatchObject([{ silentHours: 168, changes: 0 }])
    expect(silent([])).toMatchObject([{ silentHours: 168, changes: 0 }])
  })

  it('goes by the history of the entity itself', () => {
    const rare = [at(0, '20'), at(40, '21'), at(80, '22'), at(120, '20')]
    expect(silent(rare)).toEqual([])
    expect(silent(living(61, 90), {}, new Map([['a', 1]]))).toEqual([])
  })

  it('leaves out batteries, things at rest, what is unavailable or disabled', () => {
    expect(silent([at(-9, '80')], { deviceClass: 'battery' })).toEqual([])
    expect(silent([at(-9, '0.0')])).toEqual([])
    expect(silent([at(-9, 'unavailable')])).toEqual([])
    const standby = [at(0, '80'), ...living().slice(1, 40), at(40, '1.4')]
    expect(silent(standby, { deviceClass: 'power' })).toEqual([])
    expect(silent(standby)).toHaveLength(1)
    expect(silent([], { disabled: true })).toEqual([])
  })
})

describe('outageClusters', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const registries = {
    areas: [{ id: 'hall', name: 'Hall', floor: null }],
    devices: [device('1', 'zha'), device('2', 'zha'), device('3', 'hue'), device('4', null)],
    entities: ids.map((id, i) => entity(id, { deviceId: ['1', '1', '2', '3', '4', '4'][i]! })),
  }
  const lost = (hour: number, seconds: number, back: number): StateChange[] => [
    at(0, '1'),
    { at: MONDAY + hour * HOUR + seconds * 1000, state: 'unavailable' },
    at(back, '1'),
  ]
  const clusters = (lists: Record<string, StateChange[]>) =>
    outageClusters(new Map(Object.entries(lists)), registries, SPAN)

  it('names the integration that several things share', () => {
    const found = clusters({
      a: lost(9, 0, 11),
      b: lost(9, 20, 11),
      c: lost(9, 55, 12),
      d: [at(0, '1')],
      e: [at(0, '1')],
    })
    expect(found).toEqual([
      {
        start: MONDAY + 9 * HOUR,
        end: MONDAY + 12 * HOUR,
        root: { kind: 'entry', id: 'zha', name: 'the integration zha' },
        entities: ['a', 'b', 'c'],
      },
    ])
  })

  it('names the device where only one of it went', () => {
    const quiet = Object.fromEntries(['c', 'd', 'e', 'f'].map((id) => [id, [at(0, '1')]]))
    expect(clusters({ ...quiet, a: lost(9, 0, 11), b: lost(9, 9, 11) })[0]?.root.name).toBe('Device 1')
    const other = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, [at(0, '1')]]))
    expect(clusters({ ...other, e: lost(9, 0, 11), f: lost(9, 9, 11) })[0]?.root).toMatchObject({
      kind: 'device',
      id: '4',
    })
  })

  it('names the area where integrations differ', () => {
    const quiet = Object.fromEntries(['b', 'c', 'e', 'f'].map((id) => [id, [at(0, '1')]]))
    expect(clusters({ ...quiet, a: lost(9, 0, 11), d: lost(9, 1, 11) })).toMatchObject([
      { root: { kind: 'area', name: 'Hall' }, entities: ['a', 'd'] },
    ])
  })

  it('takes the home for the cause when all of it went', () => {
    expect(clusters(Object.fromEntries(ids.map((id) => [id, lost(9, 0, 11)])))).toMatchObject([
      { root: { kind: 'home' } },
    ])
  })

  it('does not join what went alone, at other times, or before the span', () => {
    const quiet = Object.fromEntries(['c', 'd', 'e', 'f'].map((id) => [id, [at(0, '1')]]))
    expect(clusters({ ...quiet, a: lost(9, 0, 11), b: lost(9, 61, 11) })).toEqual([])
    const before = [{ at: MONDAY - MINUTE, state: 'unavailable' }]
    expect(clusters({ ...quiet, a: before, b: before })).toEqual([])
  })
})
