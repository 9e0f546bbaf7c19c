import type { Focus } from '../../domain/analysis.ts'
import type { AnalystName } from '../../domain/names.ts'
import { DEVICE_TERMS, findTopics } from './topics.ts'
import { has, normalise, terms } from './words.ts'

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
  supplies: 'energy',
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

/** Ways to save show in what uses much, always, and at dear hours. */
const SAVE = /\b(?:sav(?:e|es|ing|ings)|reduc(?:e|es|ing)|lower|cut|cheaper)\b/i
const SAVING: readonly Focus[] = ['devices', 'baseload', 'peak', 'cost']
const WHY = /\b(?:why|explains?|reason|cause[ds]?)\b/i
const EXPLAINING: readonly Focus[] = ['comparison', 'devices', 'peak', 'anomaly']

/**
 * What a question is after, the most asked for first, as far as these analysts can tell; an analyst whom the words give
 * nothing to do gets what it usually looks into.
 */
export function focusFor(text: string, analysts: readonly AnalystName[]): Focus[] {
  const found = (findTopics(text)?.focus ?? []).filter(
    (focus) => focus === 'overview' || analysts.includes(OWNER[focus]),
  )
  const energy = analysts.includes('energy')
  const explained = [
    ...(energy && WHY.test(text) ? EXPLAINING : []),
    ...(energy && SAVE.test(text) ? SAVING : []),
    ...found,
  ]
  const uncovered = analysts.filter((name) => !explained.some((focus) => OWNER[focus] === name))
  const all = [...explained, ...uncovered.flatMap((name) => USUAL[name])]
  // Of the whole home energy comes first, as it does among the analysts.
  const opened =
    all.includes('overview') && analysts.length > 1 ? (['overview', 'total', 'cost'] as const) : []
  return narrowed(text, [...new Set<Focus>([...opened, ...all])])
}

/** "Which day do I use the most?" is about days: devices as such would only distract. */
const WHEN = /\b(?:which|what) (?:day|weekday|hour|time)s?\b/i

/** Kinds of days are held against each other within one window, not against another one. */
const WEEKENDS = terms('weekend, weekends')
const WORKING_DAYS = terms('weekdays, working days, workdays, week days, during the week')

function narrowed(text: string, focus: Focus[]): Focus[] {
  const asksWhen = WHEN.test(text) && focus.includes('profile') && !has(normalise(text), DEVICE_TERMS)
  const kept = asksWhen ? focus.filter((each) => each !== 'devices') : focus
  // Ideas for automations come from what is done by hand.
  const kinds = has(normalise(text), WEEKENDS) && has(normalise(text), WORKING_DAYS)
  if (kinds) return [...new Set<Focus>(['profile', ...kept.filter((each) => each !== 'comparison')])]
  return kept.includes('automations') ? [...new Set<Focus>([...kept, 'routines'])] : kept
}
