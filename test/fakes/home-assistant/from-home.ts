import type { Registries } from '../../../shared/domain/home-data.ts'
import type { HomeSource } from '../../../shared/home/port.ts'
import { emptyWorld, type FakeState, type FakeStatistic, type FakeWorld } from './world.ts'

const DAY = 86_400_000

/** What Home Assistant would know if it watched the given home: its last days, in Home Assistant's own shapes. */
export async function worldFrom(home: HomeSource, days: number): Promise<FakeWorld> {
  const options = { signal: new AbortController().signal }
  const info = await home.info(options)
  const now = Date.parse(info.dataEnd)
  const span = { start: Math.floor((now - days * DAY) / DAY) * DAY, end: now }
  const registries = await home.registries(options)
  const [metas, states, preferences, logbook, automations, tariff] = await Promise.all([
    home.statisticIds(options),
    home.states(options),
    home.energyPreferences(options),
    home.logbook(span, options),
    home.automations(options),
    home.tariff(options),
  ])
  const ids = metas.map((meta) => meta.id)
  const hours = await home.statistics({ ids, period: 'hour', ...span }, options)
  const short = await home.statistics({ ids, period: '5minute', start: now - 2 * DAY, end: now }, options)
  const history = await home.history(
    { entityIds: registries.entities.map((entity) => entity.id), ...span },
    options,
  )
  const world = emptyWorld({ location_name: info.name, time_zone: info.timeZone, currency: info.currency })
  world.statistics = metas.map(
    (meta): FakeStatistic => ({
      id: meta.id,
      unit: meta.unit,
      unitClass: meta.unit === 'kWh' ? 'energy' : meta.unit === 'W' ? 'power' : null,
      kind: meta.hasSum ? 'sum' : 'mean',
      hours: [...(hours.get(meta.id) ?? [])],
      fiveMinutes: [...(short.get(meta.id) ?? [])],
    }),
  )
  for (const state of states)
    world.states.set(state.entityId, {
      state: state.state,
      attributes: { ...state.attributes },
      changedAt: state.lastChanged,
      changes: [...(history.get(state.entityId) ?? [])],
    } satisfies FakeState)
  Object.assign(world, toRegistries(registries))
  const grid = preferences?.sources.find((source) => source.type === 'grid')
  const solar = preferences?.sources.find((source) => source.type === 'solar')
  world.preferences = {
    energy_sources: [
      {
        type: 'grid',
        stat_energy_from: grid?.from[0],
        stat_energy_to: grid?.to[0] ?? null,
        number_energy_price: tariff?.import[0]?.rate ?? null,
        cost_adjustment_day: 0,
      },
      { type: 'solar', stat_energy_from: solar?.from, stat_rate: preferences?.power[solar?.from ?? ''] },
    ],
    device_consumption: (preferences?.devices ?? []).map((device) => ({
      stat_consumption: device.statistic,
      name: device.name,
      stat_rate: preferences?.power[device.statistic],
      ...(device.includedIn === null ? {} : { included_in_stat: device.includedIn }),
    })),
  }
  world.logbook = logbook.map((entry) => ({
    when: entry.at / 1000,
    name: entry.name,
    ...(entry.entityId === null ? {} : { entity_id: entry.entityId }),
    ...(entry.state === null ? {} : { state: entry.state }),
    ...(entry.message === null ? {} : { message: entry.message }),
    ...(entry.contextUserId === null ? {} : { context_user_id: entry.contextUserId }),
    ...(entry.contextEventType === null ? {} : { context_event_type: entry.contextEventType }),
    ...(entry.contextEntityId === null ? {} : { context_entity_id: entry.contextEntityId }),
  }))
  for (const each of automations) if (each.config) world.automations.set(each.entityId, { ...each.config })
  world.errorLog = await home.errorLog(options)
  return world
}

function toRegistries({ areas, devices, entities }: Registries): Partial<FakeWorld> {
  return {
    areas: areas.map((area) => ({
      area_id: area.id,
      name: area.name,
      floor_id: null,
      labels: [],
      aliases: [],
    })),
    devices: devices.map((device) => ({
      id: device.id,
      name: device.name,
      name_by_user: null,
      area_id: device.areaId,
      manufacturer: device.manufacturer,
      model: device.model,
      config_entries: device.entryId === null ? [] : [device.entryId],
      disabled_by: null,
    })),
    entities: entities.map((entity) => ({
      entity_id: entity.id,
      unique_id: entity.id,
      name: null,
      original_name: entity.name,
      area_id: entity.areaId,
      device_id: entity.deviceId,
      disabled_by: entity.disabled ? 'user' : null,
      hidden_by: null,
      has_entity_name: false,
      platform: 'fake',
      options: {},
    })),
  }
}
