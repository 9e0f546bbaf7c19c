import type { StatisticRow } from '../../../shared/domain/home-data.ts'

/** One statistic with its rows, in its own unit. */
export interface FakeStatistic {
  readonly id: string
  readonly unit: string
  readonly unitClass: string | null
  readonly kind: 'sum' | 'mean'
  readonly name?: string | null
  readonly hours: StatisticRow[]
  readonly fiveMinutes?: StatisticRow[]
}

/** A state in Home Assistant's long form; `changes` is its history, oldest first, `at` in epoch ms. */
export interface FakeState {
  state: string
  attributes: Record<string, unknown>
  changedAt: number
  changes?: { readonly state: string; readonly at: number }[]
}

/** What a fake Home Assistant knows, in the shapes in which the real one gives it. Tests may change it while it runs. */
export interface FakeWorld {
  config: Record<string, unknown>
  areas: Record<string, unknown>[]
  floors: Record<string, unknown>[]
  labels: Record<string, unknown>[]
  devices: Record<string, unknown>[]
  entities: Record<string, unknown>[]
  states: Map<string, FakeState>
  statistics: FakeStatistic[]
  /** Null: never set, which Home Assistant answers with `not_found`. */
  preferences: Record<string, unknown> | null
  costSensors: Record<string, string>
  logbook: Record<string, unknown>[]
  issues: Record<string, unknown>[]
  entries: Record<string, unknown>[]
  automations: Map<string, Record<string, unknown>>
  /** As `trace/get` gives them. */
  traces: Record<string, unknown>[]
  energyIssues: Record<string, unknown>
  statisticsIssues: Record<string, unknown>
  systemLog: Record<string, unknown>[]
  /** Null: no log file, as in newer installations. */
  errorLog: string | null
  services: Record<string, Record<string, unknown>>
  /** Entity ids exposed to Assist. */
  exposed: string[]
}

/** A world with nothing in it; the time zone is Europe/Berlin unless given. */
export function emptyWorld(config: Record<string, unknown> = {}): FakeWorld {
  return {
    config: {
      location_name: 'Fake home',
      latitude: 52.5,
      longitude: 13.4,
      elevation: 34,
      unit_system: { length: 'km', mass: 'g', volume: 'L', temperature: '°C' },
      time_zone: 'Europe/Berlin',
      currency: 'EUR',
      country: 'DE',
      language: 'en',
      components: ['recorder', 'history', 'logbook', 'energy'],
      version: '2026.11.0',
      state: 'RUNNING',
      config_source: 'storage',
      recovery_mode: false,
      safe_mode: false,
      ...config,
    },
    areas: [],
    floors: [],
    labels: [],
    devices: [],
    entities: [],
    states: new Map(),
    statistics: [],
    preferences: null,
    costSensors: {},
    logbook: [],
    issues: [],
    entries: [],
    automations: new Map(),
    traces: [],
    energyIssues: { energy_sources: [], device_consumption: [] },
    statisticsIssues: {},
    systemLog: [],
    errorLog: '',
    services: { light: { turn_on: {}, turn_off: {} } },
    exposed: [],
  }
}
