import type { Focus } from '../../domain/analysis.ts'
import { type AnalystName, isAnalyst } from '../../domain/names.ts'
import type { LocalDates } from '../../domain/turn.ts'
import { readDataBlock } from '../data-block.ts'
import { focusFor } from './focus.ts'
import { comparisonIn, datesIn, readHomeTime } from './home-time.ts'
import { callTools, type OfflineReply } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { mendSpelling } from './spelling.ts'
import { findTopics } from './topics.ts'
import { listOf } from './wording.ts'
import { tidy } from './words.ts'

/** Chooses analysts, focus and window for the question in the blocks `question` and `home`. */
export function select(request: OfflineRequest): OfflineReply {
  const asked = readDataBlock(request.messages, 'question', ['user'])
  const time = readHomeTime(readDataBlock(request.messages, 'home', ['user']))
  const block = isRecord(asked) ? asked : {}
  const text = typeof block.question === 'string' ? mendSpelling(tidy(block.question)) : ''
  const fixed = (Array.isArray(block.analysts) ? block.analysts : []).filter(
    (name): name is AnalystName => typeof name === 'string' && isAnalyst(name),
  )
  const analysts = fixed.length > 0 ? fixed : (findTopics(text)?.analysts ?? ['energy'])
  const focus = focusFor(text, analysts)
  const window = datesOf(block.window) ?? datesIn(text, time)?.dates ?? null
  const compare = datesOf(block.compare) ?? comparisonIn(text, time, window)
  return callTools({
    name: 'select_analysts',
    arguments: { analysts, focus, window, compare, reason: reasonFor(focus) },
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
  supplies: 'gas and water',
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

function reasonFor(focus: readonly Focus[]): string {
  return `The question is about ${listOf(focus.slice(0, 3).map((each) => WORDS[each]))}.`
}

function datesOf(value: unknown): LocalDates | null {
  if (!isRecord(value)) return null
  const { start, end } = value
  return typeof start === 'string' && typeof end === 'string' && start <= end ? { start, end } : null
}
