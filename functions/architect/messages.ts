import type { HomeInfo } from '../../shared/domain/home.ts'
import type { ChatMessage, Turn } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { dataBlock, withoutBlocks } from '../../shared/llm/data-block.ts'
import type { ModelMessage } from '../../shared/llm/port.ts'
import { MAX_HISTORY } from './limits.ts'
import { ARCHITECT_PROMPT, BRIEF_RULE, CLIENT_WISHES, JSON_RULE, lengthRule } from './prompt.ts'

/** Words that a token of English makes, roughly. */
const WORDS_A_TOKEN = 0.7

/**
 * The turn as the model reads it: one system message (ours first, then the client's own), and as much of the
 * conversation as fits, the newest. Home data stands in blocks; nobody's text can pose as one.
 */
export function toModelMessages(turn: Turn, info: HomeInfo, nonce: string): ModelMessage[] {
  const { hints } = turn
  const reply = {
    brief: hints.brief,
    max_tokens: hints.maxTokens,
    format: hints.responseFormat?.type ?? null,
  }
  const system = [
    ARCHITECT_PROMPT,
    ...(hints.brief ? [BRIEF_RULE] : []),
    ...(hints.maxTokens ? [lengthRule(Math.max(20, Math.floor(hints.maxTokens * WORDS_A_TOKEN)))] : []),
    ...(bindsToJson(turn) ? [JSON_RULE] : []),
    dataBlock('home', toWire(info), nonce),
    dataBlock('reply', reply, nonce),
    ...clientWishes(turn.messages),
  ].join('\n\n')
  const talk = turn.messages.filter((message) => message.role !== 'system')
  return [{ role: 'system', content: system }, ...newest(talk).map(toModelMessage)]
}

/** True when the final message must be JSON. */
export function bindsToJson(turn: Turn): boolean {
  const type = turn.hints.responseFormat?.type
  return type === 'json_object' || type === 'json_schema'
}

/** The user's own last message. */
export function lastQuestion(turn: Turn): string {
  return turn.messages.findLast((message) => message.role === 'user')?.content ?? ''
}

function clientWishes(messages: readonly ChatMessage[]): string[] {
  const wishes = messages.filter((message) => message.role === 'system' && message.content.trim() !== '')
  if (wishes.length === 0) return []
  return [
    CLIENT_WISHES,
    wishes
      .map((message) => withoutBlocks(message.content))
      .join('\n')
      .slice(0, MAX_HISTORY),
  ]
}

function toModelMessage(message: ChatMessage): ModelMessage {
  const role = message.role === 'assistant' ? 'assistant' : 'user'
  return { role, content: withoutBlocks(message.content) }
}

/** The newest messages that fit; the last one always does, cut at its start where it must be. */
function newest(messages: readonly ChatMessage[]): ChatMessage[] {
  const kept: ChatMessage[] = []
  let left = MAX_HISTORY
  for (const message of messages.toReversed()) {
    if (kept.length > 0 && message.content.length > left) break
    kept.unshift(
      message.content.length > left ? { ...message, content: message.content.slice(-left) } : message,
    )
    left -= message.content.length
  }
  return kept
}
