import { has, normalise, terms, wordsOf } from './words.ts'

/** A wish to change something, as far as words tell. */
export interface Change {
  /** The wish as one imperative sentence, without "please" and its like. */
  readonly wish: string
  /** Service that would do it, as `domain.service` with the domain left to the entity, or null. */
  readonly service: string | null
  /** True when an automation is wished for, and not one action now. */
  readonly automation: boolean
  /** Value that the wish names, such as 21 (degrees) or 50 (percent), or null. */
  readonly value: number | null
}

const POLITE =
  /^(?:(?:hey|hi|hello|ok|okay|please|pls|now|aether|and|then|also|just|kindly|can you|could you|would you|will you|can i|i want you to|i want to|i'd like you to|i'd like to|i would like you to|i would like to|i need you to|go ahead and|let's|you should|make sure to)[\s,]+)+/i

interface Verb {
  readonly any: RegExp
  readonly service: string | null
}

/** Imperatives and the services that they mean, for a home's usual domains. */
const VERBS: readonly Verb[] = [
  {
    any: /^(?:turn|switch|put)\b.*\boff\b|^(?:deactivate|disable|kill|shut off|shut down)\b/,
    service: 'turn_off',
  },
  { any: /^(?:turn|switch|put)\b.*\bon\b|^(?:activate|enable|power on)\b/, service: 'turn_on' },
  { any: /^(?:dim|brighten)\b/, service: 'turn_on' },
  { any: /^(?:toggle)\b/, service: 'toggle' },
  { any: /^(?:open|raise the|lift)\b/, service: 'open_cover' },
  { any: /^(?:close|shut)\b/, service: 'close_cover' },
  { any: /^unlock\b/, service: 'unlock' },
  { any: /^lock\b/, service: 'lock' },
  {
    any: /^(?:set|change|raise|lower|increase|decrease|reduce|turn (?:up|down)|turn .* (?:up|down)|make it|heat|cool|adjust)\b/,
    service: 'set',
  },
  { any: /^(?:start|run|begin|launch)\b/, service: 'start' },
  { any: /^(?:stop|pause|mute|cancel|abort)\b/, service: 'stop' },
  { any: /^(?:play|arm|disarm|charge|unplug|restart|reboot|reset|update|install)\b/, service: null },
  {
    any: /^(?:create|make|add|write|build|set up|schedule|program|automate|remind|notify|alert|delete|remove|rename|edit|move)\b/,
    service: null,
  },
]

const AUTOMATION = terms(
  'automation, automate, schedule, every day, every morning, every evening, every night, each day, each morning, each evening, each night, daily, at sunset, at sunrise, when i leave, when i come, when someone, when nobody, whenever, if nobody, if no one, every weekday, on weekdays, remind, notify, alert',
)

/** Imperatives about the conversation itself, which change nothing in the home. */
const TALK = terms(
  'make a report, make a summary, create a report, create a chart, make a chart, write a report, write a summary, write me, add up, make a list, create a list, write a poem, write a story, set out, run an analysis, run the analysis, start an analysis, run a check, start with, run me through, play devil*',
)

/**
 * Reads a wish to change the home; null when the text is none: questions ("how could I reduce …?") and imperatives
 * about the answer ("write a summary") are not.
 */
export function findChange(text: string): Change | null {
  const wish = text
    .trim()
    .replace(POLITE, '')
    .replace(/[\s.!?]+$/, '')
  const lower = wish.toLowerCase()
  const plain = normalise(lower)
  if (wordsOf(lower).length < 2 || has(plain, TALK)) return null
  const verb = VERBS.find((each) => each.any.test(lower)) ?? trailing(lower)
  if (!verb) return null
  if (
    /^(?:open|close|lock|unlock)\w*\s+\w+\s*$/.test(lower) &&
    /\?\s*$/.test(text) &&
    !POLITE.test(text.trim())
  )
    return null // "Open windows?" asks
  const value = lower.match(/(?:^|\s)(-?\d+(?:\.\d+)?)\s*(?:%|percent|degrees?|°c?|c\b|k\b|$)/)?.[1]
  return {
    wish: wish.charAt(0).toUpperCase() + wish.slice(1),
    service: verb.service,
    automation: has(plain, AUTOMATION),
    value: value === undefined ? null : Number(value),
  }
}

/** "lights off", "kitchen light on please": a thing and what it should be, without a verb. */
function trailing(lower: string): Verb | null {
  const match = lower.match(
    /^(?:all |the )?(?:\w+ ){0,3}(?:lights?|lamps?|tv|fan|heating|music|plugs?)\s+(on|off)(?: please)?$/,
  )
  if (!match || /^(?:is|are|which|what|who|how|were|was)\b/.test(lower)) return null
  return { any: /./, service: match[1] === 'on' ? 'turn_on' : 'turn_off' }
}
