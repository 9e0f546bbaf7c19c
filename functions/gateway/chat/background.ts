import type { CleanMessage } from './messages.ts'
import type { ChatRequest } from './parse-request.ts'

/** Below this length a user's message is a question, whatever it says. */
const SHORTEST_TEMPLATE = 150

/** What the templates of known clients always hold together; the words of one set are never in a plain question. */
const TEMPLATES: readonly (readonly RegExp[])[] = [
  // Open WebUI: title, tags, follow-ups, query and emoji generation
  [/^### Task:\s/, /### (Guidelines|Output|Instructions):/, /<chat_history>|### Chat History:/],
  // LibreChat: title by completion, and by structured output
  [/\|\|>User:/, /5-word-or-less title|concise.{0,40}title/i],
  [/^Analyze this conversation and provide:/, /title in the detected language/i, /^# Conversation:|User:/m],
]

/**
 * True for what clients ask on their own beside the talk: titles, tags, follow-ups. Told by Open WebUI's header, by
 * `metadata.task`, by the utility agent, or by the whole frame of a known template; shape alone never makes a short
 * question one.
 */
export function isBackgroundTask(
  request: Pick<ChatRequest, 'agent' | 'metadata'>,
  headers: Headers,
  messages: readonly CleanMessage[],
): boolean {
  if (request.agent === 'utility') return true
  if (isWord(headers.get('x-openwebui-task')) || isWord(request.metadata.task)) return true
  const last = messages.findLast((message) => message.role === 'user')?.content ?? ''
  if (last.length < SHORTEST_TEMPLATE) return false
  return TEMPLATES.some((marks) => marks.every((mark) => mark.test(last)))
}

const isWord = (value: unknown) => typeof value === 'string' && value.trim() !== ''
