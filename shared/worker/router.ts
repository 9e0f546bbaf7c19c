import type { Router } from 'hono/router'
import { LinearRouter } from 'hono/router/linear-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import type { AnyHandler } from '../http/app.ts'

/** A router for an app that answers one request: the usual one takes longer to be made than it then saves. */
export function createQuickRouter(): Router<AnyHandler> {
  return new SmartRouter({ routers: [new LinearRouter(), new TrieRouter()] })
}
