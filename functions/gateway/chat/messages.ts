import type { ChatMessage } from '../../../shared/domain/turn.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { storableText } from '../../../shared/storage/storable.ts'
import { withoutThinking } from './clean-text.ts'
import type { InboundMessage } from './request-schema.ts'

const MAX_MESSAGES = 2_000
/** Bytes of the messages as JSON: with its envelope the turn has to fit into an agent's body limit of 1 MB. */
const MAX_BYTES = 512 * 1_024
const encoder = new TextEncoder()

/** A client's history after clean-up. `said` leaves out what is not the talk itself: system messages and tools. */
export interface CleanHistory {
  readonly messages: readonly CleanMessage[]
  readonly imagesIgnored: boolean
}

export type CleanMessage = ChatMessage & { readonly said: boolean }

/**
 * Text-only messages in order. Echoed thinking is removed, parts are joined, image parts dropped; results of the
 * client's own tools become plain text. INVALID_INPUT without a question of the user.
 */
export function cleanMessages(inbound: readonly InboundMessage[]): CleanHistory {
  let imagesIgnored = false
  const messages = inbound.flatMap((message): CleanMessage[] => {
    const { content } = message
    if (Array.isArray(content) && content.some((part) => !isText(part))) imagesIgnored = true
    const clean = toClean(message.role, textOf(content))
    return clean === null ? [] : [clean]
  })
  const last = inbound.findLastIndex((message) => message.role === 'user')
  if (last < 0)
    throw new AetherError('INVALID_INPUT', 'messages must hold a message of the user.', {
      details: { param: 'messages' },
    })
  if (textOf(inbound[last]?.content).trim() === '')
    throw new AetherError('INVALID_INPUT', 'The last message of the user has no text.', {
      details: { param: `messages[${last}].content` },
    })
  return { messages, imagesIgnored }
}

/** The messages that go to the agents: the newest that fit, and the client's first instructions. */
export function newestMessages<T extends ChatMessage>(messages: readonly T[]): readonly T[] {
  const [first] = messages
  const kept = first?.role === 'system' ? [first] : []
  let bytes = kept.reduce((sum, message) => sum + bytesOf(message), 0)
  let from = messages.length
  while (from > kept.length && messages.length - from + kept.length < MAX_MESSAGES) {
    bytes += bytesOf(messages[from - 1])
    // The question itself always goes along.
    if (bytes > MAX_BYTES && from < messages.length) break
    from--
  }
  return from === kept.length ? messages : [...kept, ...messages.slice(from)]
}

const bytesOf = (message: ChatMessage | undefined) => encoder.encode(JSON.stringify(message)).length

function toClean(role: InboundMessage['role'], text: string): CleanMessage | null {
  switch (role) {
    case 'system':
    case 'developer':
      return text === '' ? null : { role: 'system', content: text, said: false }
    case 'user':
      return text === '' ? null : { role: 'user', content: text, said: true }
    case 'assistant': {
      const content = withoutThinking(text)
      return content === '' ? null : { role: 'assistant', content, said: true }
    }
    case 'tool':
    case 'function':
      return text === ''
        ? null
        : { role: 'assistant', content: `Result of a client's tool: ${text}`, said: false }
  }
}

function textOf(content: InboundMessage['content']): string {
  if (!Array.isArray(content)) return storableText(content ?? '')
  return storableText(content.flatMap((part) => (isText(part) ? [part.text ?? ''] : [])).join('\n'))
}

const isText = (part: { type: string }) => part.type === 'text' || part.type === 'input_text'
