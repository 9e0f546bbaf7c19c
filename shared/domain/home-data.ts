/** A span as UTC epoch milliseconds, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Area {
  readonly id: string
  readonly name: string
  readonly floor: string | null
}

export interface Device {
  readonly id: string
  readonly name: string
  readonly areaId: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  /** The integration entry that the device belongs to. */
  readonly entryId: string | null
}

export interface Entity {
  readonly id: string
  readonly name: string
  readonly areaId: string | null
  readonly deviceId: string | null
  readonly domain: string
  readonly deviceClass: string | null
  readonly stateClass: 'measurement' | 'total' | 'total_increasing' | null
  readonly unit: string | null
  readonly disabled: boolean
  /** Exposed to Home Assistant's Assist; where that is not known it counts as not. */
  readonly assist?: boolean
  /** Names of the labels that somebody gave it. */
  readonly labels?: readonly string[]
}

export interface Registries {
  readonly areas: readonly Area[]
  readonly devices: readonly Device[]
  readonly entities: readonly Entity[]
}

/** A state as Home Assistant has it: text, `unavailable` and `unknown` included. Instants are epoch ms. */
export interface EntityState {
  readonly entityId: string
  readonly state: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly lastChanged: number
  readonly lastUpdated: number
}

export interface StateChange {
  readonly state: string
  /** Epoch ms at which the state began. */
  readonly at: number
}

export interface StatisticMeta {
  /** The statistic id; with a `:` it is external and has no entity. */
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly hasMean: boolean
  readonly hasSum: boolean
}

/**
 * One statistics row. A meter (`hasSum`) has `change`, `sum`, `state`; a measurement (`hasMean`) has `mean`, `min`,
 * `max`. `start` and `end` are epoch ms. Buckets without data are absent, never zero.
 */
export interface StatisticRow {
  readonly start: number
  readonly end: number
  readonly change?: number
  readonly sum?: number
  readonly state?: number
  readonly mean?: number
  readonly min?: number
  readonly max?: number
}

export interface LogbookEntry {
  readonly at: number
  readonly entityId: string | null
  readonly name: string
  readonly state: string | null
  readonly message: string | null
  /** What caused it, by Home Assistant's context: see the definition of "actor" in the analysis library. */
  readonly contextUserId: string | null
  readonly contextEventType: 'automation_triggered' | 'script_started' | null
  readonly contextEntityId: string | null
}

export interface Automation {
  readonly entityId: string
  readonly alias: string
  readonly enabled: boolean
  readonly lastTriggered: number | null
  /** The configuration as Home Assistant keeps it, or null where it cannot be read. */
  readonly config: Readonly<Record<string, unknown>> | null
}

export interface GridSource {
  readonly type: 'grid'
  /** Statistic ids of the meters. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Cost and compensation statistics that the home itself keeps, as a second opinion: those that make the tariff are not among them. */
  readonly cost: readonly string[]
  readonly compensation: readonly string[]
}
export interface SolarSource {
  readonly type: 'solar'
  readonly from: string
}
export interface BatterySource {
  readonly type: 'battery'
  /** Discharged (out of the battery) and charged (into it). */
  readonly from: string
  readonly to: string
}
/** Gas or water, beside electricity: a meter in m³ or kWh, and the statistic of its cost (major units) where there is one. */
export interface Supply {
  readonly type: 'gas' | 'water'
  readonly statistic: string
  readonly cost: string | null
}
export interface DeviceConsumption {
  readonly statistic: string
  readonly name: string
  /** The parent meter that already holds this one, or null. */
  readonly includedIn: string | null
}

export interface EnergyPreferences {
  readonly sources: readonly (GridSource | SolarSource | BatterySource)[]
  readonly supplies: readonly Supply[]
  readonly devices: readonly DeviceConsumption[]
  /** Power sensors that go with a meter: meter statistic id → power statistic id (W or kW, mean). */
  readonly power: Readonly<Record<string, string>>
}

export interface Repair {
  readonly id: string
  readonly domain: string
  readonly severity: string
  readonly title: string
  readonly createdAt: number
}

/** One entry of an integration. `state` is Home Assistant's word: `loaded`, `setup_error`, `setup_retry`, … */
export interface Integration {
  readonly entryId: string
  readonly domain: string
  readonly title: string
  readonly state: string
  readonly reason: string | null
  readonly disabled: boolean
}

/** One run of an automation. `outcome` is Home Assistant's word: `finished`, `failed_conditions`, `error`, … */
export interface Trace {
  readonly entityId: string
  readonly runId: string
  readonly at: number
  readonly trigger: string | null
  readonly outcome: string
  readonly error: string | null
}

/** A step that a run came to: its place in the configuration, such as `condition/0`, whether a condition held, what failed. */
export interface TraceStep {
  readonly path: string
  readonly at: number
  readonly passed: boolean | null
  readonly error: string | null
}

/**
 * Something that the home itself finds wrong with the set-up of a statistic or of its energy settings. `about` is the id of
 * the statistic or entity, `code` the home's word: `units_changed`, `entity_not_defined`, …
 */
export interface SetupIssue {
  readonly about: string
  readonly code: string
}

/** Something about the data that a reader should know: what, where, how it was handled. */
export interface DataNote {
  readonly kind: 'gap' | 'duplicate' | 'clock_change' | 'negative' | 'order' | 'columns' | 'other'
  readonly text: string
  readonly at: number | null
  /** How long a gap is, in ms. */
  readonly lengthMs?: number
}
