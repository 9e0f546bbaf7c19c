import type { Context } from 'hono'
import type { AppEnv } from './app-env.ts'

/** The pattern of the route that answered, such as `/api/v1/runs/:id`: without ids, query or closing slash. */
export function routeOf(c: Context<AppEnv>): string {
  const matched = c.req.matchedRoutes
  for (let i = matched.length - 1; i >= 0; i--) {
    const route = matched[i]
    if (route && route.method !== 'ALL') return patternOf(route.path)
  }
  return 'none'
}

function patternOf(path: string): string {
  const plain = path.replace(/\{.*\}/, '') // what a parameter may look like is of no interest to readers
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain
}
