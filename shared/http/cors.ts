import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

/** What the openai client sends of its own, from pages too. */
const OPENAI_CLIENT = [
  'Arch',
  'Helper-Method',
  'Lang',
  'OS',
  'Package-Version',
  'Retry-Count',
  'Runtime',
  'Runtime-Version',
  'Timeout',
]

/** Lets pages of exactly these origins call us, streams included. With none, no CORS header is ever sent. */
export function corsFor(origins: readonly string[]): MiddlewareHandler {
  if (origins.length === 0) return async (_c, next) => next()
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'X-API-Key',
      'api-key',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'X-Aether-Events',
      'X-Request-Id',
      'A2A-Version',
      'A2A-Extensions',
      'traceparent',
      ...OPENAI_CLIENT.map((name) => `X-Stainless-${name}`),
    ],
    exposeHeaders: [
      'X-Request-Id',
      'X-Aether-Run-Id',
      'X-Aether-Conversation-Id',
      'X-Aether-Model',
      'X-Aether-Warning',
      'Retry-After',
      'X-Should-Retry',
    ],
    maxAge: 600,
  })
}
