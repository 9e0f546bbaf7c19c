import type { EntityQuery } from './nouns.ts'
import type { ResultEntity } from './tool-results.ts'
import { listOf, plainName, upper } from './wording.ts'
import { has, normalise, type Terms, terms } from './words.ts'

/** Words for on and off of a binary sensor, by device class. */
const BINARY: Readonly<Record<string, readonly [on: string, off: string]>> = {
  door: ['open', 'closed'],
  window: ['open', 'closed'],
  garage_door: ['open', 'closed'],
  opening: ['open', 'closed'],
  motion: ['detecting motion', 'clear'],
  occupancy: ['occupied', 'clear'],
  presence: ['at home', 'away'],
  moisture: ['wet', 'dry'],
  smoke: ['detecting smoke', 'clear'],
  gas: ['detecting gas', 'clear'],
  lock: ['unlocked', 'locked'],
  battery: ['low', 'normal'],
  problem: ['reporting a problem', 'fine'],
  connectivity: ['connected', 'disconnected'],
}
const OTHER: Readonly<Record<string, string>> = {
  not_home: 'away',
  home: 'at home',
  heat: 'heating',
  heat_cool: 'automatic',
  fan_only: 'fan only',
}

interface Condition {
  readonly any: Terms
  readonly said: readonly string[]
  /** What it is otherwise: only entities that are the one or the other are counted. */
  readonly else: readonly string[]
  readonly adjective: string
}

const RUNNING = ['on', 'playing', 'heating', 'cooling', 'drying', 'cleaning', 'automatic', 'charging']

/** What a question may ask entities to be. */
const CONDITIONS: readonly Condition[] = [
  { any: terms('unlocked'), said: ['unlocked'], else: ['locked'], adjective: 'unlocked' },
  { any: terms('locked'), said: ['locked'], else: ['unlocked'], adjective: 'locked' },
  {
    any: terms('open, opened, left open'),
    said: ['open', 'opening'],
    else: ['closed', 'closing'],
    adjective: 'open',
  },
  { any: terms('closed, shut'), said: ['closed', 'closing'], else: ['open', 'opening'], adjective: 'closed' },
  { any: terms('off'), said: ['off'], else: RUNNING, adjective: 'off' },
  { any: terms('away'), said: ['away'], else: ['at home'], adjective: 'away' },
  { any: terms('at home, is home, home, is in'), said: ['at home'], else: ['away'], adjective: 'at home' },
  {
    any: terms('motion, movement'),
    said: ['detecting motion', 'occupied'],
    else: ['clear'],
    adjective: 'detecting motion',
  },
  {
    any: terms('on, lit, running, playing, active, charging'),
    said: RUNNING,
    else: ['off', 'idle', 'standby', 'paused', 'docked'],
    adjective: 'on',
  },
]

const MOST_NAMED = 12

/** Home Assistant's state in words, with its unit. */
export function sayState(entity: ResultEntity): string {
  if (entity.domain === 'binary_sensor') {
    const words = BINARY[entity.deviceClass ?? ''] ?? ['on', 'off']
    if (entity.state === 'on') return words[0]
    if (entity.state === 'off') return words[1]
  }
  if (entity.unit && entity.state !== 'unavailable' && entity.state !== 'unknown')
    return `${plainName(entity.state)} ${plainName(entity.unit)}`
  return OTHER[entity.state] ?? (plainName(entity.state) || 'unknown')
}

/** Answers a question about states from the entities that were found for it. */
export function answerState(
  question: string,
  query: EntityQuery,
  found: { readonly entities: readonly ResultEntity[]; readonly exact: boolean },
): string {
  const { entities, exact } = found
  const kind = query.plural
  if (entities.length === 0)
    return query.query
      ? `I found no ${kind} by the name of “${plainName(query.query)}” in this home.`
      : `I found no ${kind} in this home.`
  const prefix = exact ? '' : 'Nothing matches exactly; this is the closest. '
  const states = entities.map((entity) => ({ entity, said: sayState(entity) }))
  const condition = CONDITIONS.find((each) => has(normalise(question), each.any))
  const answerable = condition && states.some(({ said }) => isEither(said, condition))
  if (condition && answerable) return prefix + answerCondition(states, condition, kind)
  const power = condition?.adjective === 'on' ? answerByPower(states) : null
  if (power) return prefix + power
  return prefix + listStates(states, kind)
}

type Said = { readonly entity: ResultEntity; readonly said: string }

const isEither = (said: string, condition: Condition) =>
  condition.said.includes(said) || condition.else.includes(said)

function answerCondition(states: readonly Said[], condition: Condition, kind: string): string {
  const relevant = states.filter(({ said }) => isEither(said, condition))
  const hits = relevant.filter(({ said }) => condition.said.includes(said))
  const silent = states.filter(({ said }) => said === 'unavailable' || said === 'unknown')
  const [only] = relevant
  if (relevant.length === 1 && only) {
    const yes = hits.length === 1
    return `${yes ? 'Yes' : 'No'}: ${nameOf(only.entity)} is ${only.said}.${silentNote(silent)}`
  }
  if (hits.length === 0)
    return `${placeOf(relevant)} of the ${relevant.length} ${kind} is ${condition.adjective}.${silentNote(silent)}`
  const [one] = hits
  const lead =
    hits.length === 1 && one
      ? `1 of ${relevant.length} ${kind} is ${condition.adjective}: ${nameOf(one.entity)}.`
      : `${hits.length} of ${relevant.length} ${kind} are ${condition.adjective}: ${named(hits)}.`
  return lead + silentNote(silent)
}

/** None, with the one room that all of them are in. */
function placeOf(states: readonly Said[]): string {
  const areas = new Set(states.map(({ entity }) => entity.area))
  const [area] = areas
  return areas.size === 1 && area ? `${plainName(area)}: none` : 'None'
}

/** Watts below which a device is taken to do nothing. */
const IDLE_W = 5

/** Whether something runs, told by its one power sensor where it has no switch. */
function answerByPower(states: readonly Said[]): string | null {
  const [meter, ...others] = states.filter(
    ({ entity }) => entity.deviceClass === 'power' && entity.unit === 'W',
  )
  const watts = Number(meter?.entity.state)
  if (!meter || others.length > 0 || meter.entity.state === '' || !Number.isFinite(watts)) return null
  const runs = watts >= IDLE_W
  return `${runs ? 'Yes, it seems so' : 'No, it does not seem so'}: ${nameOf(meter.entity)} is ${meter.said}.`
}

function named(hits: readonly Said[]): string {
  const names = hits.slice(0, MOST_NAMED).map(({ entity }) => nameOf(entity))
  const more = hits.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : listOf(names)
}

function silentNote(silent: readonly Said[]): string {
  if (silent.length === 0) return ''
  return ` ${named(silent)} ${silent.length === 1 ? 'does' : 'do'} not report (${[...new Set(silent.map(({ said }) => said))].join(', ')}).`
}

function listStates(states: readonly Said[], kind: string): string {
  const [only] = states
  if (states.length === 1 && only) return `${upper(nameOf(only.entity))} is ${only.said}.`
  const lines = states.slice(0, MOST_NAMED).map(({ entity, said }) => `- ${upper(nameOf(entity))}: ${said}`)
  const more = states.length - lines.length
  const lead = `I found ${states.length} ${kind}${more > 0 ? `; the first ${lines.length}` : ''}:`
  return [lead, '', ...lines].join('\n')
}

/** Friendly name, with the area where the name does not hold it already. */
function nameOf(entity: ResultEntity): string {
  const name = plainName(entity.name || entity.id)
  const area = entity.area ? plainName(entity.area) : ''
  return area && !name.toLowerCase().includes(area.toLowerCase()) ? `${name} (${area})` : name
}
