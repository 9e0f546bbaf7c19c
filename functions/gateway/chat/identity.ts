import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { ConversationKey } from '../../../shared/storage/conversations/find-conversation.ts'
import type { Idempotency } from '../../../shared/storage/runs/idempotency.ts'
import { storableText } from '../../../shared/storage/storable.ts'
import { bodyHash, chainHash, chainStart } from './hash.ts'
import { isExtendedOpenAI } from './known-clients.ts'
import type { CleanMessage } from './messages.ts'
import type { ChatRequest } from './parse-request.ts'

/** Answers back from which a conversation is looked for, and asked questions whose answer may have been missed. */
const LOOK_BACK = 20

/** Who a request says it is: which conversation, which messages, which retry. */
export interface RequestIdentity {
  readonly conversation: ConversationKey
  readonly messageHash: string
  /** Hash up to each earlier message of the user, by its place in `messages`. */
  readonly askedAt: ReadonlyMap<number, string>
  readonly retry: boolean
  readonly idempotency: Idempotency | null
}

/** Reads a request's identity (contract §5), scoped to the key that it came with. */
export async function identify(
  request: ChatRequest,
  messages: readonly CleanMessage[],
  options: { owner: string; headers: Headers; body: unknown },
): Promise<RequestIdentity> {
  let hash = chainStart(options.owner)
  const heads: string[] = []
  const asked: [number, string][] = []
  for (const [i, message] of messages.entries()) {
    if (!message.said || message.role === 'system') continue
    hash = await chainHash(hash, message.role, message.content)
    if (message.role === 'assistant') heads.unshift(hash)
    else asked.push([i, hash])
  }
  return {
    conversation: { ...namedConversation(request, options.headers), heads: heads.slice(0, LOOK_BACK) },
    messageHash: hash,
    askedAt: new Map(asked.slice(0, -1).slice(-LOOK_BACK)),
    retry: Number(options.headers.get('x-stainless-retry-count') ?? 0) >= 1,
    idempotency: await idempotencyOf(options.headers, options.body),
  }
}

/** The conversation's name, from the first place that has one; ours begin with `conv_`. */
function namedConversation(
  request: ChatRequest,
  headers: Headers,
): { id: string | null; clientId: string | null } {
  const own = request.conversationId
  if (own?.startsWith('conv_')) return { id: storableText(own), clientId: null }
  const places: readonly [string, unknown][] = [
    ['body', own],
    ['openwebui', headers.get('x-openwebui-chat-id')],
    ['session', request.metadata.session_id],
    ['extended', isExtendedOpenAI(request) ? request.user : null],
  ]
  for (const [place, name] of places)
    if (typeof name === 'string' && name !== '')
      return { id: null, clientId: storableText(`${place}:${name.slice(0, 200)}`) }
  return { id: null, clientId: null }
}

async function idempotencyOf(headers: Headers, body: unknown): Promise<Idempotency | null> {
  const key = headers.get('idempotency-key')
  if (key === null || key === '') return null
  if (key.length > 255)
    throw new AetherError('INVALID_INPUT', 'Idempotency-Key must have at most 255 characters.', {
      details: { param: 'Idempotency-Key' },
    })
  return { key, bodyHash: await bodyHash(body) }
}
