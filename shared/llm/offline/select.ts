import type { Focus } from '../../domain/analysis.ts'
import { type AnalystName, isAnalyst } from '../../domain/names.ts'
import type { LocalDates } from '../../domain/turn.ts'
import { readDataBlock } from '../data-block.ts'
import { comparisonIn, datesIn, readHomeTime } from './home-time.ts'
import { callTools, type OfflineReply } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { findTopics } from './topics.ts'

/** What an analyst looks into when the question does not say. */
const USUAL: Readonly<Record<AnalystName, readonly Focus[]>> = {
  energy: ['overview'],
  behavioral: ['routines', 'automations'],
  diagnostic: ['availability', 'battery', 'log', 'quality'],
}

const OWNER: Readonly<Record<Focus, AnalystName>> = {
  overview: 'energy',
  total: 'energy',
  cost: 'energy',
  peak: 'energy',
  baseload: 'energy',
  night: 'energy',
  devices: 'energy',
  solar: 'energy',
  comparison: 'energy',
  profile: 'energy',
  anomaly: 'energy',
  routines: 'behavioral',
  automations: 'behavioral',
  availability: 'diagnostic',
  battery: 'diagnostic',
  log: 'diagnostic',
  quality: 'diagnostic',
}

const WHY = /\b(?:why|explains?|reason|cause[ds]?)\b/i
const EXPLAINING: readonly Focus[] = ['comparison', 'devices', 'peak', 'anomaly']

/** Chooses analysts, focus and window for the question in the blocks `question` and `home`. */
export function select(request: OfflineRequest): OfflineReply {
  const asked = readDataBlock(request.messages, 'question', ['user'])
  const time = readHomeTime(readDataBlock(request.messages, 'home', ['user']))
  const block = isRecord(asked) ? asked : {}
  const text = typeof block.question === 'string' ? block.question : ''
  const fixed = (Array.isArray(block.analysts) ? block.analysts : []).filter(
    (name): name is AnalystName => typeof name === 'string' && isAnalyst(name),
  )
  const topics = findTopics(text)
  const analysts = fixed.length > 0 ? fixed : (topics?.analysts ?? ['energy'])
  const found = (topics?.focus ?? []).filter(
    (focus) => focus === 'overview' || analysts.includes(OWNER[focus]),
  )
  const explained = WHY.test(text) && analysts.includes('energy') ? [...EXPLAINING, ...found] : found
  const uncovered = analysts.filter((name) => !explained.some((focus) => OWNER[focus] === name))
  const focus = [...new Set([...explained, ...uncovered.flatMap((name) => USUAL[name])])]
  const window = datesOf(block.window) ?? datesIn(text, time)?.dates ?? null
  const compare = datesOf(block.compare) ?? comparisonIn(text, time, window)
  return callTools({
    name: 'select_analysts',
    arguments: { analysts, focus, window, compare, reason: reasonFor(focus, fixed.length > 0) },
  })
}

const WORDS: Readonly<Record<Focus, string>> = {
  overview: 'the whole picture',
  total: 'energy totals',
  cost: 'cost',
  peak: 'peaks',
  baseload: 'the baseload',
  night: 'use at night',
  devices: 'devices',
  solar: 'solar',
  comparison: 'a comparison of periods',
  profile: 'the load profile',
  anomaly: 'what is unusual',
  routines: 'routines',
  automations: 'automation ideas',
  availability: 'what is unavailable',
  battery: 'batteries',
  log: 'the error log',
  quality: 'data quality',
}

function reasonFor(focus: readonly Focus[], fixed: boolean): string {
  const about = focus
    .slice(0, 3)
    .map((each) => WORDS[each])
    .join(', ')
  return `The question is about ${about}${fixed ? '; its analysts were named by the caller' : ''}.`
}

function datesOf(value: unknown): LocalDates | null {
  if (!isRecord(value)) return null
  const { start, end } = value
  return typeof start === 'string' && typeof end === 'string' && start <= end ? { start, end } : null
}
