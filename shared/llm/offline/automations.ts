import type { ResultAutomation } from './tool-results.ts'
import { plainName, plainText } from './wording.ts'
import { has, normalise, terms } from './words.ts'

const AUTOMATIONS = terms('automation, automations')
const ASKS = terms('what, which, list, show, tell, explain, describe, how many, do i have, are there')
/** Questions about how automations fare, or which ones should be, are an analyst's. */
const OTHERS = terms(
  'idea*, suggest*, new, should, could, would, undo*, undone, overrid*, broken, wrong, fail*, orphan*, often, effective*, work, works, working, need*, create, make, add, last week, yesterday',
)

/** True for a question about which automations there are and what they do. */
export function asksAutomations(text: string): boolean {
  const plain = normalise(text)
  return has(plain, AUTOMATIONS) && has(plain, ASKS) && !has(plain, OTHERS)
}

const MOST_LISTED = 15
/** Characters of one trigger or action, which may name many things. */
const MOST_PHRASE = 300

const phrase = (text: string) => plainText(text, MOST_PHRASE)

/** Says what each automation does. */
export function answerAutomations(automations: readonly ResultAutomation[], total: number): string {
  if (total === 0) return 'I found no automations in this home.'
  const lines = automations.slice(0, MOST_LISTED).map((each) => {
    const when = each.triggers.length > 0 ? ` starts by ${each.triggers.map(phrase).join('; or ')}` : ''
    const does = each.actions.length > 0 ? ` and does: ${each.actions.map(phrase).join('; ')}` : ''
    const known = when || does ? `:${when}${does}` : ': its configuration could not be read'
    return `- ${plainName(each.name)}${each.enabled ? '' : ' (switched off)'}${known}.${sayStop(each)}`
  })
  const more = total - lines.length
  const lead = `There ${total === 1 ? 'is 1 automation' : `are ${total} automations`}${more > 0 ? `; the first ${lines.length}` : ''}:`
  return [lead, '', ...lines].join('\n')
}

/** How a last run that did not come to its end stopped, as a sentence. */
function sayStop({ stopped }: ResultAutomation): string {
  if (stopped === null) return ''
  const at = stopped.place === '' ? '' : ` at its ${plainName(stopped.place)}`
  if (stopped.outcome === 'error') return ` Its last run failed${at}.`
  if (stopped.outcome === 'failed_conditions') return ` Its last run stopped${at}: a condition was not met.`
  return ` Its last run stopped${at} (${plainName(stopped.outcome.replaceAll('_', ' '))}).`
}
