import type { Context, Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import { AetherError } from '../errors/aether-error.ts'
import { toHttp } from '../errors/to-http.ts'
import type { AppEnv } from './app-env.ts'

type PathRouter = TrieRouter<readonly string[]>

function pathRouter(app: Hono<AppEnv>): PathRouter {
  const methods = new Map<string, Set<string>>()
  for (const route of app.routes) {
    if (route.method === 'ALL') continue
    const known = methods.get(route.path) ?? new Set()
    known.add(route.method)
    if (route.method === 'GET') known.add('HEAD')
    methods.set(route.path, known)
  }
  const router: PathRouter = new TrieRouter()
  for (const [path, known] of methods) router.add('ALL', path, [...known])
  return router
}

/**
 * The answer for what no route took, in OpenAI's shape: 405 with `Allow` where the path exists under another method,
 * else 404. Routes must be complete before the first request, as Hono itself asks.
 */
export function createNotFound(app: Hono<AppEnv>): (c: Context<AppEnv>) => Response {
  let router: PathRouter | undefined
  return (c) => {
    router ??= pathRouter(app)
    const allowed = new Set(router.match('ALL', c.req.path)[0].flatMap(([methods]) => methods))
    if (allowed.size === 0 || allowed.has(c.req.method))
      return toHttp(new AetherError('NOT_FOUND'), c.get('requestId'))
    const response = toHttp(new AetherError('METHOD_NOT_ALLOWED'), c.get('requestId'))
    response.headers.set('allow', [...allowed].sort().join(', '))
    return response
  }
}
