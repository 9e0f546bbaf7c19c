import type { Focus } from '../../domain/analysis.ts'
import type { AnalystName } from '../../domain/names.ts'
import { previousDates } from '../../domain/time/comparison.ts'
import type { LocalDates } from '../../domain/turn.ts'
import { findChange } from './change.ts'
import { comparisonIn, datesIn, type HomeTime, sayDates, usualDates } from './home-time.ts'
import { type Intent, readIntent } from './intent.ts'
import { findEntityQuery } from './nouns.ts'
import { deviceIn, findTopics, type TopicMatch } from './topics.ts'
import { has, normalise, terms, tidy, wordsOf } from './words.ts'

/** A question with everything that the conversation lends it: it can be answered on its own. */
export interface Question {
  readonly intent: Intent
  /** Self-contained wording: what an analyst is given. */
  readonly text: string
  /** Local dates that the question means, or null where neither it nor the conversation names any. */
  readonly window: LocalDates | null
  readonly compare: LocalDates | null
  /** True when it only makes sense with what was asked before. */
  readonly followUp: boolean
  /** The days that the conversation was about before these, where they were others: what "these two" can mean. */
  readonly earlier?: LocalDates | null
}

/** Questions that are looked back at. */
const MOST_TEXTS = 20

const MARKER =
  /^(?:(?:and|but|ok(?:ay)?|so|now|then|also|hm+|what about|how about|same for|same|likewise|what if)\b[\s,]*)+/i
const COMPARING = terms('compar*, versus, vs, than, difference, against, relative to')
const BEFORE = terms('before, earlier, previous, prior, preceding')
const WHY =
  /^(?:(?:and|but|so|ok(?:ay)?|hm+)[\s,]+)?(?:why|how come|for what reason|what(?:'s| is) the reason|what caused (?:it|that|this)|explain(?: (?:it|that|this|why))?)\b/i
const MORE =
  /^(?:tell me more|more|more details?|go on|details?|in (?:more )?detail|elaborate|continue)[\s.!?]*$/i
/** Two times that were asked about, one after the other. */
const BOTH = terms(
  'of these, of those, of them, of the two, of both, which one, these two, those two, the two, both weeks, both months, both days',
)
/** Words that a question about a whole time is made of, beside the time. */
const FRAME: ReadonlySet<string> = new Set(
  (
    'how what was were is are did does do it go went look looks looked like about happened tell me show give us analyze ' +
    'analyse summarize summarise summary report review overview explain please can could would you i we my our the a an ' +
    'of on in for from over during at and all home house things day days'
  ).split(' '),
)
const REFERS = terms('it, that, this, those, them, they, same, there')

/** Questions of an analyst that a word or two ("and the cost?") stands for. */
const CANONICAL = {
  cost: 'What did the electricity cost?',
  total: 'How much energy did the home use in total?',
  peak: 'When was the peak, and how high was it?',
  baseload: 'What is the baseload?',
  night: 'How much power does the home use at night?',
  solar: 'How much solar energy was produced and used?',
  devices: 'How much energy did each device use?',
  profile: 'What does the daily load profile look like?',
  anomaly: 'Was anything unusual about the energy use?',
  overview: 'Analyze the energy usage of the home.',
} as const satisfies Partial<Record<Focus, string>>

/**
 * Reads the last of a user's questions in the light of the earlier ones (oldest first): a follow-up ("and the week
 * before?", "and the cost?", "what about the heat pump?", "why?") takes over topic and window of the question that it
 * follows.
 */
export function resolveQuestion(texts: readonly string[], time: HomeTime | null): Question {
  const tidied = texts.slice(-MOST_TEXTS).map(tidy)
  return resolve(tidied.at(-1) ?? '', beforeLast(tidied, time), time)
}

function beforeLast(texts: readonly string[], time: HomeTime | null): Question | null {
  let before: Question | null = null
  for (const text of texts.slice(0, -1)) {
    const question = resolve(text, before, time)
    if (question.intent.kind === 'analysis' || question.intent.kind === 'state')
      before = { ...question, earlier: earlierThan(question, before, time) }
  }
  return before
}

function earlierThan(question: Question, before: Question | null, time: HomeTime | null): LocalDates | null {
  if (question.compare) return question.compare
  if (before?.intent.kind !== 'analysis' || question.intent.kind !== 'analysis') return null
  const [days, last] = [question, before].map(({ window }) => window ?? usualDates(time))
  return (days?.start === last?.start && days?.end === last?.end ? before.earlier : last) ?? null
}

function resolve(text: string, before: Question | null, time: HomeTime | null): Question {
  const intent = readIntent(text)
  if (before && intent.kind !== 'foreign' && intent.kind !== 'empty' && !findChange(text)) {
    const follow = before.intent.kind === 'state' ? followState(text, intent, before) : null
    const resolved = follow ?? followAnalysis(text, intent, before, time)
    if (resolved) return resolved
  }
  return standAlone(text, intent, before, time)
}

function standAlone(text: string, intent: Intent, before: Question | null, time: HomeTime | null): Question {
  const base = { intent, text, followUp: false }
  const whole = intent.kind === 'unknown' ? wholeOf(text, time) : null
  if (whole) return whole
  if (intent.kind !== 'analysis') return { ...base, window: null, compare: null }
  const dates = datesIn(text, time)?.dates ?? null
  // A further question about energy stays with the days that the conversation is about.
  const carried =
    !dates && isEnergy(intent.topics) && before && isAbout(before, 'energy') ? before.window : null
  const window = dates ?? carried
  const compare = comparisonIn(text, time, window)
  return carried
    ? { ...base, text: withDates(text, null, carried), window, compare, followUp: true }
    : { ...base, window, compare }
}

/** "How was 11 March?", "Analyze all the data": nothing but a time and the frame of a question asks for all of it. */
function wholeOf(text: string, time: HomeTime | null): Question | null {
  const found = datesIn(text, time)
  const topics = findTopics(CANONICAL.overview)
  if (!found || !topics) return null
  const rest = wordsOf(text.replace(found.phrase, ' '))
  if (!rest.every((word) => FRAME.has(word))) return null
  return { intent: { kind: 'analysis', topics }, text, window: found.dates, compare: null, followUp: false }
}

/** "And in the kitchen?" after "which lights are on?": the same kind of thing, elsewhere. */
function followState(text: string, intent: Intent, before: Question): Question | null {
  if (before.intent.kind !== 'state' || !MARKER.test(text) || wordsOf(text).length > 7) return null
  if (intent.kind === 'analysis' && intent.topics.strong) return null
  const asked = findEntityQuery(text.replace(MARKER, ''))
  const named = asked.domain !== undefined || asked.deviceClass !== undefined
  if (!named && asked.query === '') return null
  const query = named ? asked : { ...before.intent.query, query: asked.query }
  const again = named
    ? text.replace(MARKER, '')
    : `${before.intent.text.replace(/[?.!\s]+$/, '')} ${asked.query}?`
  return {
    intent: { kind: 'state', query, text: before.intent.text },
    text: again,
    window: null,
    compare: null,
    followUp: true,
  }
}

/** What a follow-up to an analysis means, or null when the text is a question of its own. */
function followAnalysis(
  text: string,
  intent: Intent,
  before: Question,
  time: HomeTime | null,
): Question | null {
  if (before.intent.kind !== 'analysis') return null
  const topics = before.intent.topics
  const length = wordsOf(text).length
  const marked = MARKER.test(text)
  const own = intent.kind === 'analysis' && intent.topics.strong ? intent.topics : null
  const make = (
    question: string,
    about: TopicMatch,
    window: LocalDates | null,
    compare: LocalDates | null,
  ) => ({
    intent: { kind: 'analysis' as const, topics: about },
    text: question,
    window,
    compare,
    followUp: true,
  })

  if (WHY.test(text) && (length <= 4 || has(normalise(text), REFERS))) {
    const about = focusOn(topics, ['comparison', 'devices', 'anomaly', 'peak'])
    return make(`What explains the answer to this: ${before.text}`, about, before.window, before.compare)
  }
  if (MORE.test(text)) return make(before.text, focusOn(topics, ['overview']), before.window, before.compare)

  const earlier = before.earlier ?? null
  if (earlier && has(normalise(text), BOTH) && length <= 10) {
    const window = before.window ?? usualDates(time)
    const asked = own?.focus.includes('cost') ? own : topics
    const stated = own?.focus.includes('cost') ? CANONICAL.cost : before.text
    const question = `${stem(withDates(stated ?? '', time, window))}, compared with ${sayDates(earlier)}`
    return make(question, focusOn(asked, ['comparison']), window, earlier)
  }

  const subject = own && !onlyFrame(own) ? null : topics
  if (subject && has(normalise(text), COMPARING) && (marked || length <= 10)) {
    const window = before.window ?? usualDates(time)
    const compare =
      comparisonIn(text, time, window) ?? datesIn(text, time)?.dates ?? (window && previousDates(window))
    if (topics.focus.includes('overview') && window && compare) {
      const text = `How did the energy use from ${sayDates(window)} compare with ${sayDates(compare)}?`
      return make(text, { analysts: ['energy'], focus: ['comparison'], strong: true }, window, compare)
    }
    const days = compare ? `, compared with ${sayDates(compare)}` : ', compared with the time before'
    return make(
      stem(withDates(before.text, time, window)) + days,
      focusOn(topics, ['comparison']),
      window,
      compare,
    )
  }
  if (subject && (marked || length <= 6)) {
    const window = newWindow(text, before, time)
    if (window) return make(withDates(before.text, time, window), topics, window, null)
    if (!time && intent.kind === 'unknown') return make(before.text, topics, null, null)
  }
  if (own && (marked || has(normalise(text), REFERS)) && length <= 8) {
    const window = newWindow(text, before, time) ?? before.window
    const asked = spellOut(text, own, before)
    return make(withDates(asked, null, window), findTopics(asked) ?? own, window, null)
  }
  return null
}

/** Days that a follow-up names; "the week before" counts back from the window asked about before. */
function newWindow(text: string, before: Question, time: HomeTime | null): LocalDates | null {
  const base = before.window ?? usualDates(time)
  const relative = has(normalise(text), BEFORE) ? comparisonIn(text, time, base) : null
  return relative ?? datesIn(text, time)?.dates ?? comparisonIn(text, time, base)
}

/** The question with its time phrase, if any, replaced by these days. */
function withDates(text: string, time: HomeTime | null, window: LocalDates | null): string {
  if (!window) return text
  const phrase = datesIn(text, time)?.phrase
  const at = phrase ? text.toLowerCase().indexOf(phrase.toLowerCase()) : -1
  const bare = at >= 0 && phrase ? text.slice(0, at) + text.slice(at + phrase.length) : text
  const cleaned = stem(
    bare
      .replace(/,? compared? with .*$/i, '')
      .replace(/\b(?:from|in|on|during|for|between)\s*(?=[?.!,]|$)/gi, ''),
  )
  return `${cleaned}, from ${window.start} to ${window.end}?`
}

const stem = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\s?.!,]+$/, '')
    .replace(/\s+,/g, ',')

/** A whole question from the few words of a follow-up; the cost of "that" is the cost of the device asked about before. */
function spellOut(text: string, topics: TopicMatch, before: Question): string {
  const named = deviceIn(text)
  const device = named ?? (topics.focus[0] === 'cost' ? deviceIn(before.text) : null)
  if (device && topics.focus.includes('cost')) return `What did the ${device} cost?`
  if (device) return `How much energy did the ${device} use?`
  return canonicalOf(topics.focus[0]) ?? text.replace(MARKER, '')
}

function canonicalOf(focus: Focus | undefined): string | undefined {
  const texts: Readonly<Partial<Record<Focus, string>>> = CANONICAL
  return focus && texts[focus]
}

/** The same subject with these focuses first. */
function focusOn(topics: TopicMatch, first: TopicMatch['focus']): TopicMatch {
  return { ...topics, focus: [...new Set([...first, ...topics.focus])], strong: true }
}

/** Only the frame of a question ("compared …") and no subject of its own. */
function onlyFrame(topics: TopicMatch): boolean {
  return topics.focus.every((focus) => focus === 'comparison')
}

function isEnergy(topics: TopicMatch): boolean {
  return topics.analysts.length === 1 && topics.analysts[0] === 'energy'
}

function isAbout(question: Question, analyst: AnalystName): boolean {
  return question.intent.kind === 'analysis' && question.intent.topics.analysts.includes(analyst)
}
