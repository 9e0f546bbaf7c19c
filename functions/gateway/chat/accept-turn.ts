import type { Actor } from '../../../shared/http/app-env.ts'
import { type Accepted, acceptRun } from '../../../shared/storage/runs/accept-run.ts'
import type { GatewayContext } from '../deps.ts'
import type { RequestIdentity } from './identity.ts'
import { isVoiceClient } from './known-clients.ts'
import { type CleanMessage, newestMessages } from './messages.ts'
import type { ChatRequest } from './parse-request.ts'
import { restoreAnswers } from './restore-answers.ts'

const TITLE_LENGTH = 80
/** The newest messages that are new to us are stored, at most so many: a statement takes only so many values. */
const HISTORY_KEPT = 200

export interface AcceptTurn {
  readonly actor: Actor
  readonly request: ChatRequest
  readonly messages: readonly CleanMessage[]
  readonly identity: RequestIdentity
  readonly headers: Headers
  /** Language model for the turn, or null for the configured one. */
  readonly model: string | null
  readonly traceparent: string
}

/** Makes a turn durable, or attaches it to the run that it repeats. Errors: see `acceptRun`. */
export async function acceptTurn(input: AcceptTurn, ctx: GatewayContext): Promise<Accepted> {
  const { request, messages, identity } = input
  const said = messages.filter((message) => message.said)
  const fresh = said.slice(said.findLastIndex((message) => message.role === 'assistant') + 1)
  const runId = ctx.newId('run')
  const question = said.findLast((message) => message.role === 'user')?.content ?? ''
  return ctx.store(() =>
    acceptRun(ctx.db, {
      owner: input.actor.id,
      runId,
      newConversationId: ctx.newId('conv'),
      at: new Date(ctx.now()),
      conversation: identity.conversation,
      title: toTitle(said.find((message) => message.role === 'user')?.content ?? question),
      messageHash: identity.messageHash,
      askedHashes: [...identity.askedAt.values()],
      idempotency: identity.idempotency,
      retry: identity.retry,
      history: said.slice(-HISTORY_KEPT).map((message) => toNewMessage(message, ctx)),
      fresh: fresh.slice(-HISTORY_KEPT).map((message) => toNewMessage(message, ctx)),
      options: {
        agent: request.agent,
        stop: request.stop,
        clientMessageId: input.headers.get('x-openwebui-message-id'),
      },
      toTurn: (conversationId, answers) => ({
        runId,
        conversationId,
        messages: newestMessages(restoreAnswers(messages, identity.askedAt, answers)),
        hints: {
          analysts: null,
          model: input.model,
          maxTokens: request.maxTokens,
          responseFormat: request.responseFormat,
          brief: isVoiceClient(request, input.headers),
        },
      }),
      lease: { holder: ctx.instance, ms: ctx.limits.leaseMs },
      maxOpenRuns: ctx.limits.concurrentRuns,
      tokensPerDay: input.actor.tokensPerDay ?? null,
      traceparent: input.traceparent,
    }),
  )
}

function toNewMessage(message: CleanMessage, ctx: GatewayContext) {
  const role: 'user' | 'assistant' = message.role === 'user' ? 'user' : 'assistant'
  return { id: ctx.newId('msg'), role, content: message.content }
}

/** The first words of a question, for lists. */
export function toTitle(question: string): string {
  const line = question.replace(/\s+/g, ' ').trim()
  return line.length <= TITLE_LENGTH
    ? line
    : `${line
        .slice(0, TITLE_LENGTH - 1)
        .toWellFormed()
        .trimEnd()}…`
}
