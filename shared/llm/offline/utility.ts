import type { Focus } from '../../domain/analysis.ts'
import { type OfflineReply, say } from './reply.ts'
import type { OfflineRequest } from './request.ts'
import { findTopics } from './topics.ts'
import { tidy } from './words.ts'

type Task = 'title' | 'tags' | 'follow_ups' | 'queries' | 'autocomplete'

/** Marks of the background prompts of Open WebUI and LibreChat. */
const MARKS: readonly { readonly task: Task; readonly any: RegExp }[] = [
  { task: 'follow_ups', any: /follow[_ -]?ups?|follow-up questions/i },
  { task: 'tags', any: /"tags"|\btags\b.{0,400}\bcategori/is },
  { task: 'queries', any: /"queries"|search quer(?:y|ies)/i },
  { task: 'autocomplete', any: /<type>|autocompletion/i },
  { task: 'title', any: /\btitle\b/i },
]
/** A client's template, and not a person's words: prompts of clients carry one of these. */
const TEMPLATE =
  /###\s*(?:Task|Output|Guidelines)|<chat_history>|JSON format|concise.{0,40}title|title.{0,60}(?:conversation|chat)/is

const TAGS: Readonly<Record<Focus, string>> = {
  overview: 'Energy',
  total: 'Energy',
  cost: 'Costs',
  peak: 'Peak load',
  baseload: 'Baseload',
  night: 'Night use',
  devices: 'Devices',
  solar: 'Solar',
  supplies: 'Gas and water',
  comparison: 'Comparison',
  profile: 'Load profile',
  anomaly: 'Anomalies',
  routines: 'Routines',
  automations: 'Automations',
  availability: 'Device health',
  battery: 'Batteries',
  log: 'Error log',
  quality: 'Data quality',
}
const NEXT: Readonly<Record<'energy' | 'other', readonly string[]>> = {
  energy: [
    'And compared with the week before?',
    'Which device uses most at night?',
    'What did it cost last month?',
  ],
  other: ['Analyze my energy usage', 'Which lights are on?', 'Are any batteries low?'],
}

/** Titles, tags, follow-ups and search queries for a client's background tasks; null when the request is none. */
export function utility(request: OfflineRequest): OfflineReply | null {
  const prompt = request.messages.map((message) => message.content).join('\n')
  if (!TEMPLATE.test(prompt)) return null
  const task = MARKS.find((mark) => mark.any.test(prompt))?.task
  if (!task) return null
  const about = firstUserLine(prompt, request)
  const json = /json/i.test(prompt)
  switch (task) {
    case 'title':
      return say(json ? JSON.stringify({ title: titleOf(about) }) : titleOf(about))
    case 'tags':
      return say(JSON.stringify({ tags: tagsOf(about) }))
    case 'follow_ups':
      return say(
        JSON.stringify({
          follow_ups: NEXT[findTopics(about)?.analysts.includes('energy') ? 'energy' : 'other'],
        }),
      )
    case 'queries':
      return say(JSON.stringify({ queries: [] }))
    case 'autocomplete':
      return say(JSON.stringify({ text: '' }))
  }
}

/** What the conversation began with: the first line of the user's in the quoted history, else the first message. */
function firstUserLine(prompt: string, request: OfflineRequest): string {
  const history = prompt.slice(Math.max(0, prompt.indexOf('<chat_history>')))
  const line = /(?:^|\n)[ \t]*(?:user|human)[ \t]*:[ \t]*([^\n]+)/i.exec(history)?.[1]
  return tidy(line ?? request.messages.find((message) => message.role === 'user')?.content ?? '')
}

/** Three to six words of the question itself. */
function titleOf(about: string): string {
  const words = about
    .replace(/[^\p{L}\p{N}\s'-]+/gu, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 6)
  const title = words.join(' ').slice(0, 60)
  return title ? title.charAt(0).toUpperCase() + title.slice(1) : 'Conversation about the home'
}

function tagsOf(about: string): string[] {
  const focus = findTopics(about)?.focus ?? []
  return [...new Set(['Home', ...focus.map((each) => TAGS[each])])].slice(0, 3)
}
