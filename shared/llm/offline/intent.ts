import { asksAutomations } from './automations.ts'
import { beyondData } from './beyond.ts'
import { type Change, findChange } from './change.ts'
import { foreignLanguage } from './language.ts'
import { type EntityQuery, findEntityQuery, namesThing } from './nouns.ts'
import { findSmallTalk, isPureSmallTalk, type SmallTalk } from './small-talk.ts'
import { DEVICE_TERMS, findTopics, type TopicMatch } from './topics.ts'
import { has, normalise, terms, wordsOf } from './words.ts'

/** What a text wants, read on its own, without the conversation. */
export type Intent =
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign'; readonly language: string }
  | { readonly kind: 'small_talk'; readonly talk: SmallTalk }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'state'; readonly query: EntityQuery; readonly text: string }
  | { readonly kind: 'automations' }
  | { readonly kind: 'analysis'; readonly topics: TopicMatch }
  | { readonly kind: 'beyond'; readonly says: string }
  | { readonly kind: 'vague' }
  | { readonly kind: 'unknown' }

/** A state that something can have now. */
const STATES = terms(
  'on, off, open, opened, closed, locked, unlocked, running, playing, charging, home, away, state, status, warm, cold, hot, humid, humidity, temperature*, motion, lit, how full, state of charge, left on, left open, dark, bright, reading',
)
const NOW = terms(
  'now, right now, currently, at the moment, at present, this moment, this instant, live, just now',
)
const PRESENT_POWER = terms('power, watt, watts, drawing, using, producing, solar, load, grid')
/** What only an analysis over time can tell. */
const OVER_TIME = terms(
  'use, uses, used, using, usage, consum*, cost*, bill*, kwh, peak*, baseload*, yesterday, last, past, previous, week*, month*, year*, since, ago, between, compar*, average*, wrong, problem*, issue*, fault*, usually, typical*, most, per day, night*, overnight, why, how often, how long, history, trend*, total, during, automat*, routine*, unavailable, batteries, low batter*, batter* low, offline, produced, generated, save, saving*',
)
const QUESTION =
  /^(?:is|are|which|what|what's|how|who|who's|where|do|does|has|have|list|show|tell|give|any|status|check)\b/
const VAGUE = terms(
  "do something, something, anything, surprise me, whatever, do it, do that, make it better, improve, improve it, fix it, fix this, optimi*, help me, go, start, check, check it, look, tell me, show me, you decide, i don't know, not sure, continue, stuff, things, report",
)

/** Reads what a text wants. Never throws; what no rule knows is `unknown`. */
export function readIntent(text: string): Intent {
  const words = wordsOf(text)
  if (words.length === 0) return { kind: 'empty' }
  const language = foreignLanguage(text)
  if (language) return { kind: 'foreign', language }
  const topics = isPureSmallTalk(text) ? null : findTopics(text)
  const change = findChange(text)
  const acts =
    change && (change.automation || topics === null || namesThing(text) || has(normalise(text), DEVICE_TERMS))
  if (change && acts && !(topics?.focus[0] === 'automations' && !change.automation))
    return { kind: 'change', change }
  const beyond = beyondData(text)
  if (beyond) return { kind: 'beyond', says: beyond }
  if (asksAutomations(text)) return { kind: 'automations' }
  if (asksState(text)) return { kind: 'state', query: findEntityQuery(text), text }
  const talk = topics?.strong ? null : findSmallTalk(text)
  if (talk && !(talk === 'abilities' && topics)) return { kind: 'small_talk', talk }
  if (isVague(text, words.length) && !topics?.strong) return { kind: 'vague' }
  if (topics) return { kind: 'analysis', topics }
  return { kind: 'unknown' }
}

/** True when the text asks how something is at present. */
function asksState(text: string): boolean {
  const plain = normalise(text)
  const now = has(plain, NOW)
  if (now && has(plain, PRESENT_POWER)) return !/ (?:why|compar\S*) /.test(plain)
  if (has(plain, OVER_TIME)) return false
  const named = namesThing(text) || has(plain, DEVICE_TERMS)
  if (named && (now || has(plain, STATES))) return true
  return (
    QUESTION.test(plain.trim()) &&
    / (?:on|off|open|closed|locked|at home|running) $/.test(plain) &&
    has(plain, STATES)
  )
}

function isVague(text: string, words: number): boolean {
  return words <= 5 && has(normalise(text), VAGUE)
}
