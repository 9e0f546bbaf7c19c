import { has, normalise, type Terms, terms, without, wordsOf } from './words.ts'

export type SmallTalk = 'greeting' | 'thanks' | 'identity' | 'abilities' | 'goodbye' | 'mood' | 'agreement'

interface Phrase {
  readonly kind: SmallTalk
  readonly any: Terms
  /** Only a text of at most this many words is meant. */
  readonly atMost: number
}

const PHRASES: readonly Phrase[] = [
  {
    kind: 'abilities',
    any: terms(
      'what can you do, what can i ask, what do you do, what are you able, how can you help, how do you work, what do you know, help, your abilities, what questions',
    ),
    atMost: 12,
  },
  {
    kind: 'identity',
    any: terms(
      "who are you, what are you, what's your name, what is your name, your name, are you an ai, are you a bot, are you human, which model are you, what model are you, are you chatgpt, introduce yourself, what is aether, who made you",
    ),
    atMost: 12,
  },
  {
    kind: 'thanks',
    any: terms(
      'thanks*, thank you, thx, cheers, much appreciated, great job, well done, nice work, good job, perfect, awesome, that helps, very helpful',
    ),
    atMost: 8,
  },
  {
    kind: 'mood',
    any: terms("how are you, how's it going, how is it going, how do you do, what's up"),
    atMost: 8,
  },
  {
    kind: 'goodbye',
    any: terms('bye*, goodbye, good night, see you, see ya, ciao, farewell, talk to you later'),
    atMost: 6,
  },
  {
    kind: 'greeting',
    any: terms(
      'hi, hello, hey, hiya, howdy, good morning, good afternoon, good evening, greetings, moin, servus',
    ),
    atMost: 5,
  },
  {
    kind: 'agreement',
    any: terms('ok, okay, fine, alright, i see, got it, understood, no, nope, never mind, nevermind, stop'),
    atMost: 3,
  },
]

const WHAT_I_DO =
  'energy totals and cost, peaks, baseload, night use, devices, solar and comparisons for any days you name; routines and automation ideas; what is unavailable or low on battery; and the present state of lights, doors, temperatures and the like. A wish to change something becomes a written proposal: nothing is ever changed without you.'

const EXAMPLES =
  'For example: "Analyze my energy usage", "What did electricity cost last month?", "Which device uses most at night?", "Which lights are on?", "Are any batteries low?"'

const ANSWERS: Readonly<Record<SmallTalk, string>> = {
  greeting: `Hello! I am Aether. Ask me about your home. ${EXAMPLES}`,
  mood: 'All is well here, thank you. What would you like to know about your home?',
  thanks: 'You are welcome. Is there anything else you would like to know about your home?',
  goodbye: 'Goodbye!',
  agreement: 'All right. Ask me whenever you want to know something about your home.',
  identity: `I am Aether: a small team of agents that answers questions about a home with numbers that can be checked. Right now its built-in offline model speaks, which works by rules and needs neither a key nor a network. I know about ${WHAT_I_DO}`,
  abilities: `I answer questions about your home: ${WHAT_I_DO} ${EXAMPLES}`,
}

/** What kind of small talk a text is, or null. Only short texts are: a question that opens with "hi" is a question. */
export function findSmallTalk(text: string): SmallTalk | null {
  const plain = normalise(text)
  const length = wordsOf(text).length
  return PHRASES.find((phrase) => length <= phrase.atMost && has(plain, phrase.any))?.kind ?? null
}

/** True when a text is small talk and nothing else, whatever its words mean elsewhere ("good night"). */
export function isPureSmallTalk(text: string): boolean {
  const plain = normalise(text)
  return PHRASES.some((phrase) => has(plain, phrase.any) && without(plain, phrase.any).trim() === '')
}

/** The answer to small talk; `brief` keeps its first sentence or two, for voice. */
export function answerSmallTalk(kind: SmallTalk, brief: boolean): string {
  if (!brief) return ANSWERS[kind]
  return ANSWERS[kind]
    .split(/(?<=[.!?:])\s/)
    .slice(0, 2)
    .join(' ')
    .replace(/:$/, '.')
}

/** What the offline model says when a question is beyond its rules. */
export function cannotDo(brief: boolean): string {
  if (brief)
    return 'The offline model cannot answer that. It knows about energy, routines, devices and states of this home.'
  return [
    "I can't do that offline: the built-in offline model works by rules and does not understand this question.",
    `It can tell you about ${WHAT_I_DO}`,
    EXAMPLES,
    'With LLM_BASE_URL and LLM_API_KEY set, a real language model answers free questions as well.',
  ].join('\n\n')
}

/** What the offline model says to a text in another language. */
export function cannotRead(language: string): string {
  const named = language === 'another language' ? 'another language than English' : language
  return `This looks like ${named}. The built-in offline model understands English only, so please ask in English; with LLM_BASE_URL and LLM_API_KEY set, a real language model answers in other languages too.`
}
