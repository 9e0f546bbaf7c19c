import { describe, expect, it } from 'vitest'
import type { StatisticRow } from '../../shared/domain/home-data.ts'
import { isZone, toLocalIso, weekdayOf } from '../../shared/domain/time/zone.ts'
import type { HomeSource } from '../../shared/home/port.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const open = () => ({ signal: new AbortController().signal })

/** The last ten days of a home's data, cut to whole hours. */
async function lastDays(home: HomeSource): Promise<{ start: number; end: number }> {
  const info = await home.info(open())
  const end = Math.floor(Date.parse(info.dataEnd) / HOUR) * HOUR
  return { start: Math.max(end - 10 * DAY, Date.parse(info.dataStart)), end }
}

async function rowsOf(
  home: HomeSource,
  ids: readonly string[],
  period: 'hour' | 'day' | 'week',
  span: { start: number; end: number },
) {
  return await home.statistics({ ids, period, ...span }, open())
}

const total = (rows: readonly StatisticRow[]) => rows.reduce((sum, row) => sum + (row.change ?? 0), 0)

/** What every home keeps, whatever it reads from. */
export function describeHomeSource(name: string, make: () => HomeSource): void {
  describe(`home source: ${name}`, () => {
    const home = make()

    it('says who it is', async () => {
      const info = await home.info(open())
      expect(isZone(info.timeZone)).toBe(true)
      expect(Date.parse(info.dataStart)).toBeLessThan(Date.parse(info.dataEnd))
      expect(Date.parse(info.dataEnd)).toBeLessThanOrEqual(Date.parse(info.now))
      for (const note of info.notes) expect(note).toMatch(/^[A-Z].*\.$/)
      expect(JSON.parse(JSON.stringify(info))).toEqual(info)
    })

    it('rejects every read with the reason of an aborted signal', async () => {
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const span = { start: 0, end: DAY }
      const reads = [
        home.info(options),
        home.registries(options),
        home.states(options),
        home.energyPreferences(options),
        home.tariff(options),
        home.statisticIds(options),
        home.statistics({ ids: [], period: 'hour', ...span }, options),
        home.history({ entityIds: [], ...span }, options),
        home.logbook(span, options),
        home.errorLog(options),
        home.automations(options),
        home.traces(options),
        home.traceSteps({ entityId: '', runId: '' }, options),
        home.setupIssues(options),
        home.integrations(options),
        home.repairs(options),
        home.services(options),
        home.notes(span, options),
      ]
      for (const result of await Promise.allSettled(reads))
        expect(result).toEqual({ status: 'rejected', reason })
    })

    it('has registries that hold together', async () => {
      const { areas, devices, entities } = await home.registries(open())
      const areaIds = new Set(areas.map((area) => area.id))
      const deviceIds = new Set(devices.map((device) => device.id))
      const entityIds = new Set(entities.map((entity) => entity.id))
      expect(deviceIds.size).toBe(devices.length)
      expect(entityIds.size).toBe(entities.length)
      for (const device of devices) if (device.areaId !== null) expect(areaIds).toContain(device.areaId)
      for (const entity of entities) {
        expect(entity.id).toMatch(/^[a-z_]+\.[a-z0-9_]+$/)
        expect(entity.id.startsWith(`${entity.domain}.`)).toBe(true)
        if (entity.areaId !== null) expect(areaIds).toContain(entity.areaId)
        if (entity.deviceId !== null) expect(deviceIds).toContain(entity.deviceId)
      }
      for (const state of await home.states(open())) {
        expect(entityIds).toContain(state.entityId)
        expect(state.lastChanged).toBeLessThanOrEqual(state.lastUpdated)
      }
    })

    it('gives hours in order, whole, and with the fields of their kind', async () => {
      const span = await lastDays(home)
      const metas = await home.statisticIds(open())
      const found = await rowsOf(
        home,
        metas.map((meta) => meta.id),
        'hour',
        span,
      )
      expect(metas.length).toBeGreaterThan(0)
      expect(new Set(metas.map((meta) => meta.id)).size).toBe(metas.length)
      for (const meta of metas) {
        expect(meta.hasMean).not.toBe(meta.hasSum)
        let last = Number.NEGATIVE_INFINITY
        for (const row of found.get(meta.id) ?? []) {
          expect(row.start).toBeGreaterThanOrEqual(Math.max(span.start, last))
          expect(row.end).toBeLessThanOrEqual(span.end)
          expect(row.end - row.start).toBe(HOUR)
          last = row.end
          const keys = meta.hasSum
            ? ['change', 'end', 'start', 'state', 'sum']
            : ['end', 'max', 'mean', 'min', 'start']
          expect(Object.keys(row).sort()).toEqual(keys)
          for (const value of Object.values(row)) expect(Number.isFinite(value)).toBe(true)
          if (meta.hasMean) {
            expect(row.min ?? 0).toBeLessThanOrEqual((row.mean ?? 0) + 1e-9)
            expect(row.mean ?? 0).toBeLessThanOrEqual((row.max ?? 0) + 1e-9)
          } else expect(row.change).toBeGreaterThanOrEqual(0)
        }
      }
    })

    it('has changes that are the differences of the sums', async () => {
      const span = await lastDays(home)
      const meters = (await home.statisticIds(open())).filter((meta) => meta.hasSum).map((meta) => meta.id)
      for (const rows of (await rowsOf(home, meters, 'hour', span)).values())
        for (const [i, row] of rows.entries()) {
          const before = rows[i - 1]
          if (before?.end === row.start)
            expect((row.sum ?? 0) - (before.sum ?? 0)).toBeCloseTo(row.change ?? 0, 9)
        }
    })

    it('gives the same rows to a small window as to a large one', async () => {
      const span = await lastDays(home)
      const ids = (await home.statisticIds(open())).map((meta) => meta.id)
      const whole = await rowsOf(home, ids, 'hour', span)
      const part = { start: span.start + 31 * HOUR, end: span.start + 47 * HOUR }
      const inPart = await rowsOf(make(), [...ids].reverse(), 'hour', part)
      for (const id of ids)
        expect(inPart.get(id) ?? []).toEqual(
          (whole.get(id) ?? []).filter((row) => row.start >= part.start && row.start < part.end),
        )
    })

    it('has days that are the sums of their hours', async () => {
      const info = await home.info(open())
      const all = { start: Date.parse(info.dataEnd) - 9 * DAY, end: Date.parse(info.dataEnd) }
      const meters = (await home.statisticIds(open())).filter((meta) => meta.hasSum).map((meta) => meta.id)
      const days = await rowsOf(home, meters, 'day', all)
      for (const [id, rows] of days)
        for (const day of rows.slice(1, -1)) {
          const hours = (await rowsOf(home, [id], 'hour', day)).get(id) ?? []
          expect(total(hours)).toBeCloseTo(day.change ?? 0, 9)
        }
    })

    it('has weeks from Monday on, in local time, that are the sums of their days', async () => {
      const info = await home.info(open())
      const end = Date.parse(info.dataEnd)
      const span = { start: Math.max(Date.parse(info.dataStart), end - 24 * DAY), end }
      const meters = (await home.statisticIds(open())).filter((meta) => meta.hasSum).map((meta) => meta.id)
      const weeks = await rowsOf(home, meters, 'week', span)
      for (const [id, rows] of weeks)
        for (const week of rows.slice(1, -1)) {
          expect(weekdayOf(toLocalIso(week.start, info.timeZone).slice(0, 10))).toBe(1)
          const days = (await rowsOf(home, [id], 'day', week)).get(id) ?? []
          expect(total(days)).toBeCloseTo(week.change ?? 0, 9)
        }
    })

    it('leaves out what it does not know', async () => {
      const span = await lastDays(home)
      const [known] = await home.statisticIds(open())
      const ids = ['sensor.nobody_has_this', known?.id ?? '']
      expect([...(await rowsOf(home, ids, 'hour', span)).keys()]).toEqual([known?.id])
      expect((await rowsOf(home, ids, 'hour', { start: span.start, end: span.start })).size).toBe(0)
      expect((await rowsOf(home, ids, 'hour', { start: 0, end: DAY })).size).toBe(0)
      const future = { start: span.end + 400 * DAY, end: span.end + 401 * DAY }
      expect((await rowsOf(home, ids, 'hour', future)).size).toBe(0)
      const history = await home.history({ entityIds: ['light.nobody_has_this'], ...span }, open())
      expect(history.size).toBe(0)
    })

    it('has energy preferences whose statistics exist and agree with their power', async () => {
      const span = await lastDays(home)
      const preferences = await home.energyPreferences(open())
      const metas = new Map((await home.statisticIds(open())).map((meta) => [meta.id, meta]))
      const devices = preferences?.devices ?? []
      const sources = (preferences?.sources ?? []).flatMap((one) =>
        one.type === 'grid'
          ? [...one.from, ...one.to]
          : one.type === 'solar'
            ? [one.from]
            : [one.from, one.to],
      )
      for (const id of [...sources, ...devices.map((one) => one.statistic)])
        expect(metas.get(id)).toMatchObject({ hasSum: true, unit: 'kWh' })
      const parents = new Set(devices.map((one) => one.statistic))
      for (const one of devices) if (one.includedIn !== null) expect(parents).toContain(one.includedIn)
      for (const [energy, power] of Object.entries(preferences?.power ?? {})) {
        expect(metas.get(power)).toMatchObject({ hasMean: true, unit: 'W' })
        const rows = await rowsOf(home, [energy, power], 'hour', span)
        const watts = new Map((rows.get(power) ?? []).map((row) => [row.start, row.mean ?? 0]))
        for (const row of rows.get(energy) ?? [])
          expect((watts.get(row.start) ?? Number.NaN) / 1000).toBeCloseTo(row.change ?? 0, 9)
      }
    })

    it('has a tariff in its own currency, or none', async () => {
      const tariff = await home.tariff(open())
      const info = await home.info(open())
      if (tariff === null) return
      expect(tariff.currency).toBe(info.currency)
      const ids = (await home.statisticIds(open())).map((meta) => meta.id)
      for (const id of [tariff.dynamic, tariff.dynamicExport]) if (id !== null) expect(ids).toContain(id)
      expect(tariff.import.length > 0 || tariff.dynamic !== null).toBe(true)
    })

    it('tells runs of automations that exist, the newest first, each with its steps in order', async () => {
      const automations = (await home.automations(open())).map((each) => each.entityId)
      const runs = await home.traces(open())
      expect(runs.map((run) => run.at)).toEqual(runs.map((run) => run.at).sort((a, b) => b - a))
      for (const run of runs.slice(0, 5)) {
        expect(automations).toContain(run.entityId)
        const steps = await home.traceSteps(run, open())
        expect(steps.length).toBeGreaterThan(0)
        expect(steps.map((step) => step.at)).toEqual(steps.map((step) => step.at).sort((a, b) => a - b))
        expect(await home.traceSteps({ ...run, runId: 'no such run' }, open())).toEqual([])
      }
    })

    it('tells events in order and within their span', async () => {
      const span = await lastDays(home)
      const entries = await home.logbook(span, open())
      expect(entries.map((entry) => entry.at)).toEqual(entries.map((entry) => entry.at).sort((a, b) => a - b))
      for (const entry of entries) expect(entry.at >= span.start && entry.at < span.end).toBe(true)
      const entityIds = (await home.registries(open())).entities.map((entity) => entity.id)
      for (const changes of (await home.history({ entityIds, ...span }, open())).values()) {
        expect(changes[0]?.at).toBeLessThanOrEqual(span.start)
        for (const [i, change] of changes.entries()) {
          expect(change.at).toBeLessThan(span.end)
          const before = changes[i - 1]
          if (before === undefined) continue
          expect(change.at).toBeGreaterThan(before.at)
          expect(change.state).not.toBe(before.state)
        }
      }
      for (const note of await home.notes(span, open())) expect(note.text).toMatch(/\.$/)
    })
  })
}
