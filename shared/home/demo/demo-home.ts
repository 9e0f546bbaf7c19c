import type { HomeInfo } from '../../domain/home.ts'
import type {
  Automation,
  EntityState,
  Repair,
  Span,
  StatisticMeta,
  Trace,
  TraceStep,
} from '../../domain/home-data.ts'
import type { Now } from '../../domain/ids.ts'
import { clockNotes } from '../clock-notes.ts'
import type { HomeSource, ReadOptions } from '../port.ts'
import { instantOf, localDay, SLOT, ZONE } from './calendar.ts'
import { AREAS } from './devices.ts'
import { energyPreferences } from './energy-things.ts'
import { readErrorLog } from './error-log.ts'
import { readLogbook } from './logbook.ts'
import { createReader } from './reader.ts'
import { MISSING_LIGHT, type Routine } from './routines.ts'
import { createSimulation } from './simulation.ts'
import { readStatistics, toMeta } from './statistics.ts'
import { DEMO_TARIFF } from './tariff.ts'
import { OUTAGE_ENTRY, type Thing } from './thing.ts'
import { computeTruth, type DemoTruth } from './truth.ts'

const KEPT_DAYS = 430
const DEFAULT_SEED = 20_241

const NOTES = [
  'This is the demo home: a simulation, not a real household.',
  'Its data ends at the present and reaches back about fourteen months.',
] as const

const SERVICES = [
  'automation.trigger',
  'automation.turn_off',
  'automation.turn_on',
  'climate.set_hvac_mode',
  'climate.set_temperature',
  'cover.close_cover',
  'cover.open_cover',
  'homeassistant.reload_config_entry',
  'light.toggle',
  'light.turn_off',
  'light.turn_on',
  'lock.lock',
  'lock.unlock',
  'notify.persistent_notification',
  'switch.turn_off',
  'switch.turn_on',
] as const

function dataUntil(now: number): Span {
  return { start: instantOf(localDay(now) - KEPT_DAYS, 0), end: Math.floor(now / SLOT) * SLOT }
}

function lastRun(routine: Routine, now: number): number | null {
  for (let day = localDay(now); day > localDay(now) - 30; day--) {
    const run = routine.runs(day).findLast((one) => one.at <= now)
    if (run !== undefined) return run.at
  }
  return null
}

/** The last runs of each routine within two days, the newest first. */
function tracesUntil(now: number, routines: readonly Routine[]): readonly Trace[] {
  const runs = routines.flatMap((routine) =>
    [localDay(now) - 1, localDay(now)].flatMap((day) =>
      routine
        .runs(day)
        .filter((run) => run.at <= now)
        .map((run) => ({
          entityId: routine.entityId,
          runId: String(run.at),
          at: run.at,
          trigger: run.trigger,
          outcome: 'finished',
          error: null,
        })),
    ),
  )
  return runs.sort((a, b) => b.at - a.at)
}

/** A run that came to its end: what started it, and all actions. */
function stepsOf(actions: unknown, at: number): readonly TraceStep[] {
  const paths = Array.isArray(actions) ? actions.map((_, i) => `action/${i}`) : []
  return ['trigger/0', ...paths].map((path) => ({ path, at, passed: null, error: null }))
}

function describe(thing: Thing, lastTriggered: string | null | undefined): Record<string, unknown> {
  const { name, unit, deviceClass, stateClass } = thing.entity
  return {
    friendly_name: name,
    ...(unit === null ? {} : { unit_of_measurement: unit }),
    ...(deviceClass === null ? {} : { device_class: deviceClass }),
    ...(stateClass === null ? {} : { state_class: stateClass }),
    ...(lastTriggered === undefined ? {} : { last_triggered: lastTriggered }),
    ...thing.attributes,
  }
}

function repairsSince(createdAt: number): readonly Repair[] {
  return [
    {
      id: 'automation.garage_light_on_arrival_service_not_found',
      domain: 'automation',
      severity: 'warning',
      title: `Garage light on arrival refers to ${MISSING_LIGHT}, which does not exist`,
      createdAt,
    },
  ]
}

/** A simulated home that knows what is true of it. */
export type DemoHome = HomeSource & { truth(span: Span): DemoTruth }

/**
 * Makes the demo home: a simulated household in Europe/Berlin with prices in EUR. Every value depends on the seed and
 * the instant alone (what is slowly failing also on the month in which the home was made), so any window can be read
 * at any time. Five-minute statistics are kept as long as hourly ones. `truth` tells what is true of a span of whole
 * five minutes, straight from the simulation.
 */
export function createDemoHome(deps: { now: Now; seed?: number }): DemoHome {
  const seed = deps.seed ?? DEFAULT_SEED
  const made = deps.now()
  const { things, devices, routines, scenario, meters } = createSimulation(seed, made)
  const reader = createReader({ meters, scenario, start: dataUntil(made).start })

  const outageIds = [...things.values()]
    .filter((thing) => thing.entryId === OUTAGE_ENTRY)
    .map((thing) => thing.entity.id)

  /** Nothing is known before the data begins, nor of the future. */
  const known = (span: Span): Span | null => {
    const now = deps.now()
    const start = Math.max(span.start, dataUntil(now).start)
    const end = Math.min(span.end, now)
    return start < end ? { start, end } : null
  }
  const triggeredAt = (entityId: string, now: number) => {
    const routine = routines.find((one) => one.entityId === entityId)
    return routine === undefined ? undefined : lastRun(routine, now)
  }
  const toState = (thing: Thing, now: number): EntityState => {
    const { state, at } = reader.stateAt(thing, now)
    const triggered = triggeredAt(thing.entity.id, now)
    const iso = typeof triggered === 'number' ? new Date(triggered).toISOString() : triggered
    return {
      entityId: thing.entity.id,
      state,
      attributes: describe(thing, iso),
      lastChanged: at,
      lastUpdated: at,
    }
  }

  return {
    async info({ signal }: ReadOptions): Promise<HomeInfo> {
      signal.throwIfAborted()
      const now = deps.now()
      const data = dataUntil(now)
      return {
        id: 'demo',
        name: 'Demo home',
        source: 'demo',
        timeZone: ZONE,
        currency: DEMO_TARIFF.currency,
        now: new Date(now).toISOString(),
        dataStart: new Date(data.start).toISOString(),
        dataEnd: new Date(data.end).toISOString(),
        notes: NOTES,
      }
    },
    async registries({ signal }) {
      signal.throwIfAborted()
      return { areas: AREAS, devices, entities: [...things.values()].map((thing) => thing.entity) }
    },
    async states({ signal }) {
      signal.throwIfAborted()
      const now = deps.now()
      return [...things.values()].map((thing) => toState(thing, now))
    },
    async energyPreferences({ signal }) {
      signal.throwIfAborted()
      return energyPreferences()
    },
    async tariff({ signal }) {
      signal.throwIfAborted()
      return DEMO_TARIFF
    },
    async statisticIds({ signal }) {
      signal.throwIfAborted()
      return [...things.values()].map(toMeta).filter((meta): meta is StatisticMeta => meta !== null)
    },
    async statistics(query, { signal }) {
      signal.throwIfAborted()
      return readStatistics(query, { things, reader, meters, data: dataUntil(deps.now()), signal })
    },
    async history({ entityIds, ...asked }, { signal }) {
      signal.throwIfAborted()
      const span = known(asked)
      if (span === null) return new Map()
      const found = [...new Set(entityIds)].map((id) => things.get(id)).filter((thing) => thing !== undefined)
      return new Map(found.map((thing) => [thing.entity.id, reader.changes(thing, span)]))
    },
    async logbook(asked, { signal }) {
      signal.throwIfAborted()
      const span = known(asked)
      return span === null ? [] : readLogbook(span, { things: things.values(), routines, reader })
    },
    async errorLog({ signal }) {
      signal.throwIfAborted()
      return readErrorLog({ seed, now: deps.now(), scenario })
    },
    async automations({ signal }): Promise<readonly Automation[]> {
      signal.throwIfAborted()
      const now = deps.now()
      return routines.map(({ entityId, alias, enabled, config }) => ({
        entityId,
        alias,
        enabled,
        lastTriggered: triggeredAt(entityId, now) ?? null,
        config,
      }))
    },
    async traces({ signal }) {
      signal.throwIfAborted()
      return tracesUntil(deps.now(), routines)
    },
    async traceSteps({ entityId, runId }, { signal }) {
      signal.throwIfAborted()
      const run = tracesUntil(deps.now(), routines).find(
        (each) => each.entityId === entityId && each.runId === runId,
      )
      const config = routines.find((each) => each.entityId === entityId)?.config
      return run === undefined ? [] : stepsOf(config?.actions, run.at)
    },
    async setupIssues({ signal }) {
      signal.throwIfAborted()
      return []
    },
    async integrations({ signal }) {
      signal.throwIfAborted()
      return []
    },
    async repairs({ signal }) {
      signal.throwIfAborted()
      return repairsSince(scenario.repairSince)
    },
    async services({ signal }) {
      signal.throwIfAborted()
      return SERVICES
    },
    async notes(asked, { signal }) {
      signal.throwIfAborted()
      const span = known(asked)
      return span === null ? [] : clockNotes(span, ZONE)
    },
    truth: (span) => computeTruth(span, { meters, scenario, outageIds }),
  }
}
