import { describe, expect, it } from 'vitest'
import type { AetherError } from '../../../../shared/errors/aether-error.ts'
import { LINK_STATES, linkStateOf } from '../../../../shared/home/home_assistant/fault.ts'
import type { HomeAssistant } from '../../../../shared/home/home_assistant/home-assistant.ts'
import { smallWorld } from '../../../fakes/home-assistant/small-world.ts'
import { open, withFake } from '../../../harness/home-assistant.ts'

/** The product's deadlines, scaled down. */
const limits = { connectMs: 1_000, callMs: 400, lookMs: 300 }
const HOUR = 3_600_000

const start = (over: object = {}) => withFake({ world: smallWorld(Date.now()) }, { limits, ...over })

const day = () => ({ start: Date.now() - 24 * HOUR, end: Date.now() })
const rows = (home: HomeAssistant) =>
  home.statistics({ ids: ['sensor.grid'], period: 'hour', ...day() }, open())

/** The typed state that a read ends in; each has a sentence and a next step. */
async function stateOf(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => null,
    (thrown: unknown) => thrown as AetherError,
  )
  if (error === null) return 'ok'
  expect(error.code).toBe('HOME_UNAVAILABLE')
  const state = linkStateOf(error)
  if (state === null) throw error
  expect(error.message).toBe(`${LINK_STATES[state].message} ${LINK_STATES[state].next}`)
  return state
}

async function until(home: HomeAssistant, code: string): Promise<void> {
  await expect.poll(() => home.health().code, { timeout: 10_000, interval: 20 }).toBe(code)
}

describe('a Home Assistant that fails', () => {
  it('restarted: while it is away each read says so, afterwards they work again, live states too', async () => {
    const { fake, home } = await start()
    expect(await home.states(open())).toHaveLength(2)
    await fake.stop()
    await until(home, 'unreachable')
    expect(await stateOf(home.states(open()))).toBe('unreachable')
    expect(home.health()).toMatchObject({ state: 'down', next: expect.stringContaining('HA_URL') })
    fake.world.states.set('light.new', { state: 'on', attributes: {}, changedAt: Date.now() })
    fake.world.config = { ...fake.world.config, state: 'STARTING' }
    await fake.start()
    await until(home, 'starting')
    expect(await stateOf(home.info(open()))).toBe('starting')
    fake.world.config = { ...fake.world.config, state: 'RUNNING' }
    await until(home, 'ok')
    expect((await home.states(open())).map((each) => each.entityId)).toContain('light.new')
    fake.setState('light.desk', 'off')
    await expect
      .poll(async () => (await home.states(open())).find((each) => each.entityId === 'light.desk')?.state)
      .toBe('off')
    expect(home.health().reconnects).toBe(1)
  })

  it('away: who looks now and then is told why, not that another try has just begun', async () => {
    let ahead = 0
    const { fake, home } = await start({ now: () => Date.now() + ahead })
    await home.states(open())
    await fake.stop()
    await until(home, 'unreachable')
    for (let look = 0; look < 3; look++) {
      ahead += 5_000
      expect(home.health()).toMatchObject({ state: 'down', code: 'unreachable' })
      await until(home, 'unreachable')
    }
    await fake.start()
    await until(home, 'ok')
  })

  it('killed during a call: the call ends at once, the next ones work after reconnecting', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.faults.silent.add('logbook/get_events')
    const reading = stateOf(home.logbook(day(), open()))
    await expect.poll(() => fake.received.includes('logbook/get_events')).toBe(true)
    fake.drop()
    expect(await reading).toBe('cut')
    await until(home, 'ok')
    expect((await rows(home)).get('sensor.grid')?.length).toBeGreaterThan(20)
  })

  it('shutting down is said before it is gone', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.world.config = { ...fake.world.config, state: 'STOPPING' }
    await until(home, 'stopping')
    expect(await stateOf(home.registries(open()))).toBe('stopping')
  })

  it('slow: the call ends at its deadline and the connection stays', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.faults.silent.add('get_services')
    expect(await stateOf(home.services(open()))).toBe('slow')
    expect(await stateOf(home.states(open()))).toBe('ok')
    expect(home.health()).toMatchObject({ code: 'ok', reconnects: 0 })
  })

  it('gone without a word: it is noticed, and the connection made anew', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.faults.silent.add('get_config')
    await expect.poll(() => home.health().reconnects, { timeout: 10_000 }).toBe(0)
    await expect.poll(() => home.health().code, { timeout: 5_000, interval: 5 }).not.toBe('ok')
    fake.faults.silent.clear()
    await until(home, 'ok')
  })

  it('401: the token is named, no further try follows at once, and the text tells how to make one', async () => {
    const { fake, home } = await withFake({ world: smallWorld(Date.now()) }, { limits, token: 'wrong' })
    expect(await stateOf(home.info(open()))).toBe('bad_token')
    const tries = fake.received.filter((type) => type === 'auth').length
    expect(await stateOf(home.info(open()))).toBe('bad_token')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    home.health()
    expect(fake.received.filter((type) => type === 'auth')).toHaveLength(tries)
    expect(home.health().next).toContain('HA_TOKEN')
    expect(JSON.stringify(home.health())).not.toContain('wrong')
  })

  it('a message cut in the middle: typed, then recovered', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.faults.cut.add('recorder/statistics_during_period')
    expect(['cut', 'garbled']).toContain(await stateOf(rows(home)))
    fake.faults.cut.clear()
    await until(home, 'ok')
    expect((await rows(home)).size).toBe(1)
  })

  it('invalid JSON: typed, then recovered', async () => {
    const { fake, home } = await start()
    await home.info(open())
    fake.faults.garbled.add('recorder/statistics_during_period')
    expect(await stateOf(rows(home))).toBe('garbled')
    fake.faults.garbled.clear()
    await until(home, 'ok')
    expect((await rows(home)).size).toBe(1)
  })

  it('20 MB: that call alone fails, over the WebSocket and over REST', async () => {
    const { fake, home } = await start({ limits: { ...limits, callMs: 5_000 } })
    await home.info(open())
    fake.faults.huge.add('recorder/statistics_during_period')
    fake.faults.huge.add('/api/error_log')
    const [read, states] = await Promise.all([stateOf(rows(home)), stateOf(home.states(open()))])
    expect([read, states]).toEqual(['too_large', 'ok'])
    expect(await stateOf(home.errorLog(open()))).toBe('too_large')
    expect(home.health()).toMatchObject({ code: 'ok', reconnects: 0 })
  })

  it('a statistics id that vanished is absent, and the others are there', async () => {
    const { fake, home } = await start()
    await home.info(open())
    const query = { ids: ['sensor.gone', 'sensor.grid'], period: 'hour', ...day() } as const
    expect([...(await home.statistics(query, open())).keys()]).toEqual(['sensor.grid'])
    fake.world.statistics = []
    expect([...(await home.statistics(query, open())).keys()]).toEqual([])
  })

  it('an abort ends a call at once, with its own reason', async () => {
    const { fake, home } = await start({ limits: { ...limits, callMs: 60_000 } })
    await home.info(open())
    fake.faults.silent.add('get_services')
    const stop = new AbortController()
    const reading = home.services({ signal: stop.signal })
    const reason = new Error('enough')
    setTimeout(() => stop.abort(reason), 50)
    await expect(reading).rejects.toBe(reason)
  })

  it('no more than a bounded number of calls are in flight, whatever is asked', async () => {
    const { fake, home } = await start({ limits: { ...limits, callMs: 10_000 } })
    await home.info(open())
    fake.faults.silent.add('get_services')
    const before = fake.received.length
    const stop = new AbortController()
    const reads = Array.from({ length: 50 }, () => home.services({ signal: stop.signal }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fake.received.slice(before).filter((type) => type === 'get_services')).toHaveLength(8)
    stop.abort(new Error('enough'))
    for (const read of await Promise.allSettled(reads)) expect(read.status).toBe('rejected')
  })

  it('too many waiting calls are refused with a word', async () => {
    const { fake, home } = await start({ limits: { ...limits, callMs: 10_000, waiting: 3 } })
    await home.info(open())
    fake.faults.silent.add('get_services')
    const stop = new AbortController()
    const reads = Array.from({ length: 12 }, () => stateOf(home.services({ signal: stop.signal })))
    expect(await Promise.any(reads)).toBe('busy')
    stop.abort(new Error('enough'))
    await Promise.allSettled(reads)
  })
})

describe('a Home Assistant that gives less', () => {
  it('without admin rights what is missing is listed, and the rest works', async () => {
    const world = smallWorld(Date.now())
    world.automations.set('automation.a', { id: '1', alias: 'A' })
    const { fake, home } = await withFake({ world }, { limits })
    fake.faults.plainUser = true
    expect((await home.info(open())).notes.join(' ')).toBe(
      "The data comes from Home Assistant 2026.11.0. The token of Home Assistant may not read the error log, the integrations and the automations' runs; an administrator's token may.",
    )
    expect(await home.errorLog(open())).toBe('')
    expect(await home.integrations(open())).toEqual([])
    expect(await home.traces(open())).toEqual([])
    expect((await rows(home)).size).toBe(1)
    expect((await home.registries(open())).entities).toHaveLength(2)
  })

  it('an older release without a call says so, and the rest works', async () => {
    const { fake, home } = await start()
    for (const type of ['config/floor_registry/list', 'repairs/list_issues']) fake.faults.unknown.add(type)
    expect((await home.registries(open())).entities).toHaveLength(2)
    expect(await home.repairs(open())).toEqual([])
    expect((await home.info(open())).notes).toContain(
      'This Home Assistant does not give the floors and the repairs.',
    )
  })

  it('without a recorder the states are still there', async () => {
    const { fake, home } = await start()
    for (const type of ['recorder/list_statistic_ids', 'history/history_during_period', 'logbook/get_events'])
      fake.faults.unknown.add(type)
    expect(await home.states(open())).toHaveLength(2)
    expect((await rows(home)).size).toBe(0)
    expect((await home.history({ entityIds: ['light.desk'], ...day() }, open())).size).toBe(0)
    expect(await home.logbook(day(), open())).toEqual([])
    expect((await home.info(open())).notes).toContain(
      'This Home Assistant does not give the statistics, the history and the logbook.',
    )
  })

  it('one that is too old is told apart', async () => {
    const world = smallWorld(Date.now())
    world.config = { ...world.config, version: '2022.12.3' }
    const { home } = await withFake({ world }, { limits })
    expect(await stateOf(home.info(open()))).toBe('too_old')
  })

  it('without a log file the system log is read', async () => {
    const world = smallWorld(Date.now())
    world.errorLog = null
    world.systemLog = [
      {
        name: 'homeassistant.components.mqtt',
        message: ['Broker\nlost'],
        level: 'ERROR',
        timestamp: Date.parse('2026-11-24T09:00:00Z') / 1000,
        count: 3,
      },
    ]
    const { home } = await withFake({ world }, { limits })
    const line = '2026-11-24 10:00:00.000 ERROR (MainThread) [homeassistant.components.mqtt] Broker lost\n'
    expect(await home.errorLog(open())).toBe(line.repeat(3))
  })

  it('without preferences there are none, and that is no fault', async () => {
    const world = smallWorld(Date.now())
    world.preferences = null
    const { home } = await withFake({ world }, { limits })
    expect(await home.energyPreferences(open())).toBeNull()
    expect(await home.tariff(open())).toBeNull()
    expect((await home.info(open())).notes).toHaveLength(1)
  })
})

describe('an event of a registry', () => {
  it('makes the registries be read anew and tells who listens', async () => {
    const { fake, home } = await start()
    let told = 0
    await home.states(open())
    await home.registries(open())
    home.onRegistries(() => told++)
    fake.world.areas = [{ area_id: 'attic', name: 'Attic' }]
    expect((await home.registries(open())).areas).toEqual([])
    fake.fire('area_registry_updated')
    await expect.poll(() => told).toBe(1)
    expect((await home.registries(open())).areas).toEqual([{ id: 'attic', name: 'Attic', floor: null }])
  })
})
