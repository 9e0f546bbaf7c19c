import type { AgentCard } from '@a2a-js/sdk'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import type { Log } from '../config/log.ts'
import type { Now } from '../domain/ids.ts'
import type { AppEnv } from '../http/app-env.ts'
import type { BindingDeps } from './binding.ts'
import { type CardDocument, documentOf, registerCard } from './card-document.ts'
import type { CardSigner } from './card-signer.ts'
import { registerJsonRpc } from './json-rpc.ts'
import type { RequestHandler } from './request-handler.ts'
import { registerRest } from './rest.ts'

export interface HandlerMount {
  readonly handler: RequestHandler
  readonly card: AgentCard
  /** What callers who are known may see beside the public card. */
  readonly extendedCard?: AgentCard
  readonly signer?: CardSigner | null
  /** In front of every route but the card; it sets the actor. */
  readonly authenticate: MiddlewareHandler<AppEnv>
  readonly log: Log
  readonly now: Now
  /** Keeps work alive after the answer where the host ends it otherwise (workers: `waitUntil`). */
  keep?(work: Promise<unknown>, c: Context<AppEnv>): void
}

/** The card as it is served, for whoever serves it at another place too. */
export type ServedCard = CardDocument | Promise<CardDocument>

/**
 * Serves a request handler: JSON-RPC at `/` and `/rpc`, HTTP+JSON at the root, the card for anybody, signed once where
 * there is a key.
 */
export function mountHandler(app: Hono<AppEnv>, mount: HandlerMount): ServedCard {
  const { handler, authenticate, log } = mount
  const card = withCapabilities(mount.card, mount)
  const extended = mount.extendedCard && withCapabilities(mount.extendedCard, mount)
  const sign = mount.signer?.sign
  const toServe = (one: AgentCard) => (sign ? sign(one).then(documentOf) : documentOf(one))
  const served = toServe(card)
  const deps: BindingDeps = {
    handler,
    card,
    extendedCard: extended ? toServe(extended) : null,
    log,
    keep: (work, c) => mount.keep?.(work, c),
  }
  registerCard(app, served, mount.now())
  if (mount.signer) registerKeys(app, mount.signer)
  registerJsonRpc(app, authenticate, deps)
  registerRest(app, authenticate, deps)
  // Strangers do not even learn which routes there are.
  app.use('*', authenticate)
  return served
}

/** Serves the public key that signatures are checked by, to anybody. */
export function registerKeys(app: Hono<AppEnv>, { jwks }: CardSigner): void {
  app.get('/.well-known/jwks.json', (c) => c.json(jwks, 200, { 'cache-control': 'public, max-age=3600' }))
}

/** What is served and what the card says are the same. */
function withCapabilities(card: AgentCard, { handler, extendedCard }: HandlerMount): AgentCard {
  const capabilities = {
    extensions: [],
    ...card.capabilities,
    streaming: handler.streaming !== null,
    pushNotifications: handler.push !== null,
    extendedAgentCard: extendedCard !== undefined,
  }
  return { ...card, capabilities }
}
