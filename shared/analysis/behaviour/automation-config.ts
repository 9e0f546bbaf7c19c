import type { Automation } from '../../domain/home-data.ts'

/** What an action of an automation does to an entity; `state` is null where any may follow (toggle, scenes). */
export interface Effect {
  readonly entityId: string
  readonly state: string | null
}

const ENTITY_ID = /^[a-z_]+\.[a-z0-9_]+$/
const STATES: Readonly<Record<string, string>> = {
  turn_on: 'on',
  turn_off: 'off',
  open_cover: 'open',
  close_cover: 'closed',
  open_valve: 'open',
  close_valve: 'closed',
  lock: 'locked',
  unlock: 'unlocked',
}
const MOST_DEPTH = 30

/** Everything that the actions of an automation set, nested ones included. */
export function effectsOf(automation: Automation): Effect[] {
  const { config } = automation
  if (!config) return []
  const effects: Effect[] = []
  walk(config.actions ?? config.action ?? config.sequence, (record) => {
    const service = record.action ?? record.service
    if (typeof service !== 'string') return
    const verb = service.slice(service.indexOf('.') + 1)
    for (const holder of [record, record.target, record.data])
      for (const entityId of idsIn(isRecord(holder) ? holder.entity_id : undefined))
        effects.push({ entityId, state: STATES[verb] ?? null })
  })
  return effects
}

/** Local minutes since midnight of the plain time triggers. */
export function triggerMinutes(automation: Automation): number[] {
  const minutes: number[] = []
  walk(automation.config?.triggers ?? automation.config?.trigger, (record) => {
    for (const at of Array.isArray(record.at) ? record.at : [record.at]) {
      const match = typeof at === 'string' ? /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(at) : null
      if (match) minutes.push(Number(match[1]) * 60 + Number(match[2]))
    }
  })
  return minutes
}

/** All entity and device ids that the configuration refers to, wherever they stand. */
export function referencesOf(automation: Automation): { entities: Set<string>; devices: Set<string> } {
  const entities = new Set<string>()
  const devices = new Set<string>()
  walk(automation.config ?? undefined, (record) => {
    for (const id of idsIn(record.entity_id)) entities.add(id)
    for (const id of list(record.device_id)) devices.add(id)
  })
  return { entities, devices }
}

/** Entity ids of a field that holds one, several separated by comma, or a list; templates and `all` are none. */
function idsIn(value: unknown): string[] {
  return list(value)
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => ENTITY_ID.test(text))
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string')
}

function walk(value: unknown, visit: (record: Record<string, unknown>) => void, depth = 0): void {
  if (depth > MOST_DEPTH) return
  if (Array.isArray(value)) for (const each of value) walk(each, visit, depth + 1)
  else if (isRecord(value)) {
    visit(value)
    for (const each of Object.values(value)) walk(each, visit, depth + 1)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What starts an automation and what it does, each as a short text. */
export interface AutomationSummary {
  readonly triggers: readonly string[]
  readonly actions: readonly string[]
}

const MOST_PARTS = 8

/**
 * An automation in short, from its configuration; empty where that cannot be read. `nameOf` gives an entity's name.
 * Templates and texts of the configuration are not repeated.
 */
export function summaryOf(automation: Automation, nameOf: (entityId: string) => string): AutomationSummary {
  const { config } = automation
  const named = (ids: readonly string[]) => ids.map(nameOf).join(', ')
  const triggers: string[] = []
  for (const record of records(config?.triggers ?? config?.trigger)) {
    const kind = record.trigger ?? record.platform
    if (typeof kind !== 'string') continue
    const at = list(record.at).join(', ')
    const about = named(idsIn(record.entity_id))
    const to = list(record.to).join(' or ')
    triggers.push(
      [
        kind.replaceAll('_', ' '),
        at && `at ${at}`,
        about && `of ${about}`,
        to && `to ${to}`,
        list(record.event)[0],
      ]
        .filter(Boolean)
        .join(' '),
    )
  }
  const actions: string[] = []
  walk(config?.actions ?? config?.action ?? config?.sequence, (record) => {
    const service = record.action ?? record.service
    if (typeof service !== 'string') return
    const targets = [record, record.target, record.data].flatMap((holder) =>
      idsIn(isRecord(holder) ? holder.entity_id : undefined),
    )
    const verb = service.slice(service.indexOf('.') + 1).replaceAll('_', ' ')
    actions.push(targets.length > 0 ? `${verb}: ${named([...new Set(targets)])}` : service)
  })
  return { triggers: triggers.slice(0, MOST_PARTS), actions: actions.slice(0, MOST_PARTS) }
}

/** One record, or a list of them. */
function records(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : [value]).filter(isRecord)
}
