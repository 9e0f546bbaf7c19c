import type { HomeInfo } from '../../domain/home.ts'
import type { DataNote, Registries, Span } from '../../domain/home-data.ts'
import type { Now } from '../../domain/ids.ts'
import type { Tariff } from '../../domain/tariff.ts'
import { offsetMs } from '../../domain/time/zone.ts'
import type { Fetch } from '../../http/fetch.ts'
import { clockNotes } from '../clock-notes.ts'
import type { HomeSource, ReadOptions } from '../port.ts'
import { EVENT_TYPES } from './calls.ts'
import { createEnergyReader } from './energy-reader.ts'
import { orIfRefused, toHomeError } from './errors.ts'
import { LINK_STATES } from './fault.ts'
import type { OpenWebSocket } from './guarded-socket.ts'
import { createLink, type LinkLimits } from './link.ts'
import { createLiveStates, type LiveCounts } from './live-states.ts'
import { createMissing } from './missing.ts'
import { createReader } from './reader.ts'
import { toIntegrations, toRepairs } from './records.ts'
import { createRecordsReader } from './records-reader.ts'
import { toAssist, toRegistries } from './registries.ts'
import { createRemembered } from './remembered.ts'
import { createRest } from './rest.ts'
import { isRow } from './shapes.ts'

export interface HomeAssistantDeps {
  /** HA_URL as it was written. */
  readonly url: string
  readonly token: string
  readonly openWebSocket: OpenWebSocket
  readonly fetch: Fetch
  readonly now: Now
  readonly random: () => number
  /** HOME_TARIFF: where somebody has written one it counts, else what Home Assistant knows of prices. */
  readonly tariff: Tariff | null
  readonly limits?: Partial<LinkLimits>
}

/** How the home is reached, for `/status`. */
export interface HomeHealth {
  readonly state: 'ok' | 'degraded' | 'starting' | 'down'
  /** The state's name, such as `bad_token`. */
  readonly code: string
  readonly message: string
  readonly next: string | null
  readonly version: string | null
  readonly live: LiveCounts
  readonly reconnects: number
}

/** A real Home Assistant. It only reads: see `calls.ts`. */
export interface HomeAssistant extends HomeSource {
  health(): HomeHealth
  /** Called after a change of a registry, and after each connection. */
  onRegistries(listener: () => void): void
  close(): void
}

const KEPT_MS = 60_000
const DAY = 86_400_000
const HOUR = 3_600_000

/**
 * Makes a home of a Home Assistant. It connects by itself and goes on trying; until then every read rejects with
 * HOME_UNAVAILABLE, whose text says why and what to do. Needs `close`.
 */
export function createHomeAssistant(deps: HomeAssistantDeps): HomeAssistant {
  const { now } = deps
  const link = createLink(deps)
  const live = createLiveStates()
  const missing = createMissing()
  const remembered = createRemembered(now)
  const rest = createRest({ base: () => link.base, token: deps.token, fetch: deps.fetch })
  const reader = createReader({ link, rest, live, now, missing, remembered })
  const records = createRecordsReader(reader)
  const energy = createEnergyReader(reader, { tariff: deps.tariff, history: records.history })
  const listeners: (() => void)[] = []
  const onChange = () => {
    remembered.forget()
    for (const listener of listeners) listener()
  }
  link.subscribe({ type: 'subscribe_entities' }, live.take, () => {
    live.restart()
    onChange()
  })
  for (const event of EVENT_TYPES) link.subscribe({ type: 'subscribe_events', event_type: event }, onChange)

  const registries = (options: ReadOptions): Promise<Registries> =>
    remembered.get('registries', KEPT_MS, async () => {
      const [areas, floors, labels, devices, entities, assist, states] = await Promise.all([
        reader.call({ type: 'config/area_registry/list' }, options),
        missing.orElse('the floors', reader.call({ type: 'config/floor_registry/list' }, options), []),
        missing.orElse('the labels', reader.call({ type: 'config/label_registry/list' }, options), []),
        reader.call({ type: 'config/device_registry/list' }, options),
        reader.call({ type: 'config/entity_registry/list' }, options),
        reader
          .call({ type: 'homeassistant/expose_entity/list' }, options)
          .then(toAssist)
          .catch((error: unknown) => orIfRefused(error, async () => null)),
        reader.states(options),
      ])
      return toRegistries({ areas, floors, labels, devices, entities, assist }, states)
    })

  async function info(options: ReadOptions): Promise<HomeInfo> {
    const config = await reader.config(options)
    const [span, tariff] = await Promise.all([energy.range(options), energy.tariff(options)])
    if (link.admin === false) missing.expect(FOR_ADMINS)
    const present = now()
    const { start, end } = span ?? { start: present - 10 * DAY, end: present }
    return {
      id: 'home_assistant',
      name: config.name,
      source: 'home_assistant',
      timeZone: config.timeZone,
      currency: tariff?.currency ?? config.currency,
      now: new Date(present).toISOString(),
      dataStart: new Date(start).toISOString(),
      dataEnd: new Date(end).toISOString(),
      live: true,
      notes: [`The data comes from Home Assistant ${config.version}.`, ...missing.sentences()],
    }
  }

  async function notes(span: Span, options: ReadOptions): Promise<readonly DataNote[]> {
    const { timeZone } = await reader.config(options)
    const shifted = offsetMs(span.start, timeZone) % HOUR !== 0
    return [
      ...clockNotes(span, timeZone),
      ...(shifted ? [{ kind: 'other', text: SHIFTED, at: null } as const] : []),
    ]
  }

  return {
    info: reading(info),
    registries: reading(registries),
    states: reading(reader.states),
    energyPreferences: reading(energy.preferences),
    tariff: reading(energy.tariff),
    statisticIds: reading(energy.statisticIds),
    statistics: reading(energy.statistics),
    history: reading(records.history),
    logbook: reading(records.logbook),
    errorLog: reading(records.errorLog),
    automations: reading(records.automations),
    traces: reading(records.traces),
    traceSteps: reading(records.traceSteps),
    setupIssues: reading(records.setupIssues),
    repairs: reading(async (options) => {
      const answer = reader.call({ type: 'repairs/list_issues' }, options)
      return toRepairs(await missing.orElse('the repairs', answer, null))
    }),
    integrations: reading(async (options) => {
      const answer = reader.call({ type: 'config_entries/get' }, options)
      return toIntegrations(await missing.orElse('the integrations', answer, null))
    }),
    services: reading(async (options) => toServices(await reader.call({ type: 'get_services' }, options))),
    notes: reading(notes),
    health() {
      const { state, version, reconnects } = link.health()
      const row = LINK_STATES[state]
      return {
        state: row.state,
        code: state,
        message: row.message,
        next: row.next || null,
        version,
        live: live.counts(),
        reconnects,
      }
    },
    onRegistries: (listener) => void listeners.push(listener),
    close: () => link.close(),
  }
}

const FOR_ADMINS = ['the error log', 'the integrations', "the automations' runs"] as const
const SHIFTED =
  'Home Assistant keeps whole hours of UTC, so in this time zone a day begins and ends with a part of an hour.'

/** A read as the port promises it: aborted before it begins where the signal is, and only typed errors. */
function reading<A extends readonly unknown[], T>(
  read: (...args: [...A, ReadOptions]) => Promise<T>,
): (...args: [...A, ReadOptions]) => Promise<T> {
  return async (...args) => {
    const { signal } = args.at(-1) as ReadOptions // the last argument of every read, by its type
    signal.throwIfAborted()
    try {
      return await read(...args)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw toHomeError(error)
    }
  }
}

function toServices(answer: unknown): readonly string[] {
  if (!isRow(answer)) return []
  return Object.entries(answer).flatMap(([domain, own]) =>
    isRow(own) ? Object.keys(own).map((name) => `${domain}.${name}`) : [],
  )
}
