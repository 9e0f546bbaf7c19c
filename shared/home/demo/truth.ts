import { instantOf, localDay, localMinute, SLOT } from './calendar.ts'
import { ALWAYS_ON_WATTS, type Channel, KWH_PER_QUANTUM } from './energy.ts'
import { CONSUMERS } from './energy-things.ts'
import { type Meters, toWatts } from './meters.ts'
import { type Interval, isWorkday } from './people.ts'
import { MISSING_LIGHT } from './routines.ts'
import type { Scenario } from './scenario.ts'

/** The highest mean power over a time, and when that time began. */
export interface TruePeak {
  readonly startMs: number
  readonly kw: number
}

/** Something planted that a good analyst finds. `start` and `end` are epoch ms within the span. */
export interface PlantedFault {
  readonly kind:
    | 'failing_compressor'
    | 'stuck_sensor'
    | 'low_battery'
    | 'lost_device'
    | 'outage'
    | 'dear_charging'
    | 'recurring_manual_action'
    | 'orphan_automation'
    | 'disabled_automation'
    | 'overridden_automation'
    | 'repeated_error'
    | 'repair'
  readonly entityIds: readonly string[]
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What is true of the demo home within a span (whole five minutes), from the simulation itself. kWh, EUR, W. */
export interface DemoTruth {
  /** What the home used: import + solar − export. */
  readonly totalKwh: number
  readonly gridImportKwh: number
  readonly exportKwh: number
  readonly solarKwh: number
  /** Import by band, plus the standing charge for each local day that the span touches, less the feed-in. */
  readonly cost: number
  readonly costByBand: Readonly<Record<string, number>>
  readonly kwhByBand: Readonly<Record<string, number>>
  /** Peaks of what the home used. */
  readonly peak15: TruePeak
  readonly peak30: TruePeak
  readonly peak60: TruePeak
  /** Peaks of what the grid delivered. */
  readonly gridPeak15: TruePeak
  readonly gridPeak30: TruePeak
  readonly gridPeak60: TruePeak
  readonly alwaysOnW: number
  /** By the names of the energy preferences; circuits hold what hangs on them. */
  readonly devices: Readonly<Record<string, number>>
  readonly faults: readonly PlantedFault[]
}

const RATES = { night: 0.24, peak: 0.39, day: 0.32 } as const
const STANDING = 0.45
const FEED_IN = 0.08

function bandAt(instant: number): keyof typeof RATES {
  const hour = Math.floor(localMinute(instant) / 60)
  if (hour < 6 || hour >= 22) return 'night'
  return isWorkday(localDay(instant)) && hour >= 17 && hour < 21 ? 'peak' : 'day'
}

function peak(meters: Meters, channel: Channel, span: Interval, minutes: number): TruePeak {
  const slots = (minutes * 60_000) / SLOT
  let best: TruePeak = { startMs: span.start, kw: 0 }
  for (let start = span.start; start + slots * SLOT <= span.end; start += SLOT) {
    let quanta = 0
    for (let i = 0; i < slots; i++) quanta += meters.quantaAt(channel, start + i * SLOT)
    const kw = toWatts(quanta) / slots / 1000
    if (kw > best.kw) best = { startMs: start, kw }
  }
  return best
}

function total(meters: Meters, channel: Channel, span: Interval): number {
  let quanta = 0
  for (let at = span.start; at < span.end; at += SLOT) quanta += meters.quantaAt(channel, at)
  return quanta * KWH_PER_QUANTUM
}

function clip(
  kind: PlantedFault['kind'],
  one: Interval,
  span: Interval,
  entityIds: readonly string[],
  text: string,
) {
  const start = Math.max(one.start, span.start)
  const end = Math.min(one.end, span.end)
  return start < end ? [{ kind, entityIds, start, end, text }] : []
}

function chargings(meters: Meters, span: Interval): readonly PlantedFault[] {
  const found: PlantedFault[] = []
  for (let day = localDay(span.start); instantOf(day, 0) < span.end; day++) {
    if (!isWorkday(day)) continue
    const dear = { start: instantOf(day, 1020), end: instantOf(day, 1260) }
    const kwh = total(meters, 'ev_charger', dear)
    if (kwh > 1)
      found.push(
        ...clip(
          'dear_charging',
          dear,
          span,
          ['sensor.ev_charger_energy'],
          `${kwh.toFixed(1)} kWh at the peak rate`,
        ),
      )
  }
  return found
}

/** What the truth is computed from; `outageIds` are the entities that drop out together. */
export interface TruthDeps {
  readonly meters: Meters
  readonly scenario: Scenario
  readonly outageIds: readonly string[]
}

/** Everything planted that shows within a span. */
export function plantedFaults(span: Interval, deps: TruthDeps): readonly PlantedFault[] {
  const { scenario, meters } = deps
  const always = { start: span.start, end: span.end }
  const since = (start: number) => ({ start, end: Number.POSITIVE_INFINITY })
  const standing = (kind: PlantedFault['kind'], ids: readonly string[], text: string) =>
    clip(kind, always, span, ids, text)
  return [
    ...clip(
      'failing_compressor',
      since(scenario.fridgeSince),
      span,
      ['sensor.fridge_freezer_energy', 'sensor.fridge_freezer_power'],
      'The compressor of the fridge-freezer runs about 1.5 percentage points longer every week.',
    ),
    ...scenario
      .stuck(span)
      .flatMap((one) =>
        clip('stuck_sensor', one, span, ['sensor.hallway_temperature'], 'One value for days.'),
      ),
    ...scenario
      .outages(span)
      .flatMap((one) =>
        clip('outage', one, span, deps.outageIds, 'All devices of the Zigbee integration were unavailable.'),
      ),
    ...clip(
      'lost_device',
      since(scenario.contactLostSince),
      span,
      ['binary_sensor.bathroom_window'],
      'Gone after its battery had sunk to 3 %.',
    ),
    ...chargings(meters, span),
    ...standing('low_battery', ['sensor.garage_side_door_battery'], 'Down to 8 %.'),
    ...standing('recurring_manual_action', ['light.living_room_floor_lamp'], 'Off by Anna at about 22:30.'),
    ...standing('orphan_automation', ['automation.garage_light_on_arrival', MISSING_LIGHT], 'No such light.'),
    ...standing('disabled_automation', ['automation.holiday_presence_simulation'], 'Disabled.'),
    ...standing(
      'overridden_automation',
      ['automation.close_living_room_blind'],
      'Ben opens the blind again.',
    ),
    ...standing('repeated_error', [], 'custom_components.solar_forecast.coordinator times out.'),
    ...standing('repair', ['automation.garage_light_on_arrival'], 'Home Assistant names the missing light.'),
  ]
}

/** Walks the simulation in steps of five minutes and adds up, independently of the statistics. */
export function computeTruth(span: Interval, deps: TruthDeps): DemoTruth {
  const { meters } = deps
  const kwhByBand: Record<string, number> = {}
  const costByBand: Record<string, number> = {}
  for (let at = span.start; at < span.end; at += SLOT) {
    const band = bandAt(at)
    const kwh = meters.quantaAt('grid_import', at) * KWH_PER_QUANTUM
    kwhByBand[band] = (kwhByBand[band] ?? 0) + kwh
    costByBand[band] = (costByBand[band] ?? 0) + kwh * RATES[band]
  }
  const days = span.end > span.start ? localDay(span.end - 1) - localDay(span.start) + 1 : 0
  const exportKwh = total(meters, 'grid_export', span)
  const energy = Object.values(costByBand).reduce((sum, value) => sum + value, 0)
  const home = (minutes: number) => peak(meters, 'home', span, minutes)
  const grid = (minutes: number) => peak(meters, 'grid_import', span, minutes)
  return {
    totalKwh: total(meters, 'home', span),
    gridImportKwh: total(meters, 'grid_import', span),
    exportKwh,
    solarKwh: total(meters, 'solar', span),
    cost: energy + STANDING * days - FEED_IN * exportKwh,
    costByBand,
    kwhByBand,
    peak15: home(15),
    peak30: home(30),
    peak60: home(60),
    gridPeak15: grid(15),
    gridPeak30: grid(30),
    gridPeak60: grid(60),
    alwaysOnW: ALWAYS_ON_WATTS,
    devices: Object.fromEntries(CONSUMERS.map(({ name, channel }) => [name, total(meters, channel, span)])),
    faults: plantedFaults(span, deps),
  }
}
