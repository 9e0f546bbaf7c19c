import type { MiddlewareHandler } from 'hono'
import type { Now } from '../domain/ids.ts'
import type { AppEnv } from './app-env.ts'
import { gauge, type Metrics } from './metrics.ts'
import { routeOf } from './route-of.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])

/** Counts requests and takes the time to the end of their answers, by method, route pattern and class of status. */
export function measureRequests(metrics: Metrics, now: Now): MiddlewareHandler<AppEnv> {
  const requests = metrics.counter(
    'aether_http_requests_total',
    'Requests by method, route pattern and class of status.',
  )
  const duration = metrics.histogram(
    'aether_http_request_duration_seconds',
    'From a request to the end of its answer, streams included.',
  )
  let open = 0
  metrics.collect(() => [
    gauge('aether_http_requests_in_flight', 'Requests whose answer has not ended.', [[{}, open]]),
  ])
  return async (c, next) => {
    const start = now()
    open++
    const ended = () => {
      open--
      const labels = { method: METHODS.has(c.req.method) ? c.req.method : 'other', route: routeOf(c) }
      requests.add({ ...labels, status: `${Math.floor(c.res.status / 100)}xx` })
      duration.observe((now() - start) / 1_000, labels)
    }
    await next()
    const end = c.get('streamEnd')
    if (end) void end.then(ended, ended)
    else ended()
  }
}
