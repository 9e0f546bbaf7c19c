import type { MiddlewareHandler } from 'hono'
import { AetherError } from '../errors/aether-error.ts'
import type { Actor, AppEnv } from './app-env.ts'

/** Longer than any key or token of ours; what is longer is not looked up. */
const MAX_CREDENTIAL = 8_192

/**
 * The credentials of a request in the order in which they are tried: `Authorization: Bearer`, `X-API-Key`, `api-key`.
 * Never the query string, which ends in logs. Doubles, empty and malformed ones are left out.
 */
export function credentialsOf(headers: Headers): string[] {
  const bearer = /^Bearer +([^\s]+)$/i.exec(headers.get('authorization')?.trim() ?? '')?.[1]
  const found = [bearer, headers.get('x-api-key')?.trim(), headers.get('api-key')?.trim()]
  return [...new Set(found.filter((text): text is string => !!text && text.length <= MAX_CREDENTIAL))]
}

/**
 * Lets a request pass when one of its credentials is valid; the first valid one decides, so that a stale one beside
 * it does no harm. `find` compares in constant time where that matters. Throws UNAUTHENTICATED.
 */
export function apiKeyAuth(deps: { find(secret: string): Promise<Actor | null> }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    for (const credential of credentialsOf(c.req.raw.headers)) {
      const actor = await deps.find(credential)
      if (!actor) continue
      c.set('actor', actor)
      return next()
    }
    throw new AetherError('UNAUTHENTICATED')
  }
}

/** True when the actor holds the scope, or `*`. */
export function holdsScope(actor: Actor, scope: string): boolean {
  return actor.scopes.includes(scope) || actor.scopes.includes('*')
}

/** Refuses an actor without the scope with FORBIDDEN. It comes after authentication. */
export function requireScope(scope: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const actor = c.get('actor')
    if (!actor) throw new AetherError('UNAUTHENTICATED')
    if (!holdsScope(actor, scope))
      throw new AetherError('FORBIDDEN', `This key lacks the scope "${scope}". Use a key that has it.`)
    return next()
  }
}
