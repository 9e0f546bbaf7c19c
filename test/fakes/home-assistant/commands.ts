import { listStatisticIds, statisticsDuringPeriod } from './recorder.ts'
import type { FakeState, FakeWorld } from './world.ts'

/** Home Assistant's error answer to a command. */
export class CommandError extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

type Command = (world: FakeWorld, message: never) => unknown

/** Commands that need an administrator. */
export const ADMIN_COMMANDS: ReadonlySet<string> = new Set([
  'config_entries/get',
  'homeassistant/expose_entity/list',
  'system_log/list',
  'trace/get',
  'trace/list',
])

/** What each reading command answers. A command that is not here is `unknown_command`. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  get_config: (world) => world.config,
  get_services: (world) => world.services,
  'config/area_registry/list': (world) => world.areas,
  'config/floor_registry/list': (world) => world.floors,
  'config/label_registry/list': (world) => world.labels,
  'config/device_registry/list': (world) => world.devices,
  'config/entity_registry/list': (world) => world.entities,
  'config_entries/get': (world) => world.entries,
  'energy/get_prefs': (world) => {
    if (world.preferences === null) throw new CommandError('not_found')
    return world.preferences
  },
  'energy/info': (world) => ({ cost_sensors: world.costSensors, solar_forecast_domains: [] }),
  'homeassistant/expose_entity/list': (world) => ({
    exposed_entities: Object.fromEntries(world.exposed.map((id) => [id, { conversation: true }])),
  }),
  'recorder/list_statistic_ids': listStatisticIds,
  'recorder/statistics_during_period': statisticsDuringPeriod,
  'repairs/list_issues': (world) => ({ issues: world.issues }),
  'system_log/list': (world) => world.systemLog,
  'energy/validate': (world) => world.energyIssues,
  'recorder/validate_statistics': (world) => world.statisticsIssues,
  'trace/list': (world) => world.traces.map(({ trace: _trace, ...listed }) => listed),
  'trace/get': (world, { item_id, run_id }: { item_id: string; run_id: string }) => {
    const found = world.traces.find((each) => each.item_id === item_id && each.run_id === run_id)
    if (!found) throw new CommandError('not_found')
    return found
  },
  'logbook/get_events': (world, { start_time, end_time }: { start_time: string; end_time: string }) => {
    const start = Date.parse(start_time) / 1000
    const end = Date.parse(end_time) / 1000
    return world.logbook.filter((row) => Number(row.when) >= start && Number(row.when) < end)
  },
  'automation/config': (world, { entity_id }: { entity_id: string }) => {
    const config = world.automations.get(entity_id)
    if (!config) throw new CommandError('not_found')
    return { config }
  },
  'history/history_during_period': history,
}

interface HistoryMessage {
  readonly start_time: string
  readonly end_time: string
  readonly entity_ids: readonly string[]
}

/** Rows in the minimal form, the state at the start of the span first. */
function history(world: FakeWorld, message: HistoryMessage): Record<string, unknown> {
  const start = Date.parse(message.start_time)
  const end = Date.parse(message.end_time)
  const found: Record<string, unknown> = {}
  for (const id of message.entity_ids) {
    const changes = world.states.get(id)?.changes ?? []
    const before = changes.findLast((change) => change.at <= start)
    const within = changes.filter((change) => change.at > start && change.at < end)
    const rows = [...(before ? [{ ...before, at: start }] : []), ...within]
    if (rows.length > 0) found[id] = rows.map(({ state, at }) => ({ s: state, lu: at / 1000 }))
  }
  return found
}

/** A state in the compressed form of `subscribe_entities`. */
export function compressed({ state, attributes, changedAt }: FakeState): Record<string, unknown> {
  return { s: state, a: attributes, c: '01J0000000000000000000000', lc: changedAt / 1000 }
}
