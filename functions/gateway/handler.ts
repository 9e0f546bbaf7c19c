import type { Context, Handler } from 'hono'
import { createApp } from '../../shared/http/app.ts'
import type { AppEnv } from '../../shared/http/app-env.ts'
import { apiKeyAuth, requireScope } from '../../shared/http/auth.ts'
import { mountMetrics } from '../../shared/http/metrics-route.ts'
import { storageCall } from '../../shared/storage/storage-call.ts'
import { mountTeam } from './a2a/mount.ts'
import { createContext } from './context.ts'
import type { Gateway, GatewayContext, GatewayDeps } from './deps.ts'
import { createKnownKeys } from './known-keys.ts'
import { readAnalysis } from './routes/analyses.ts'
import { chatCompletions } from './routes/chat-completions.ts'
import { listConversations, readConversation, removeConversation } from './routes/conversations.ts'
import { feedback } from './routes/feedback.ts'
import { health, ready, status } from './routes/health.ts'
import { homePage } from './routes/home-page.ts'
import { listModels, readModel } from './routes/models.ts'
import { cancelRun, readRun, readRunEvents } from './routes/runs.ts'
import { usage } from './routes/usage.ts'

type Route = (c: Context<AppEnv>, ctx: GatewayContext) => Response | Promise<Response>

/** Builds the gateway: HTTP face, OpenAI API, runs and their events. Its README says what it promises. */
export function createGateway(deps: GatewayDeps): Gateway {
  const { ctx, start, sweep, drain } = createContext(deps)
  const app = createApp({
    service: 'gateway',
    log: deps.log,
    newId: deps.newId,
    now: deps.now,
    metrics: deps.metrics,
    clientOf: deps.clientOf,
    browsers: true,
    cors: { origins: deps.corsOrigins },
    router: deps.router,
  })
  const keys = createKnownKeys({
    find: (secret) => ctx.store(() => deps.find(secret)),
    quick: (secret) => storageCall(ctx.limits.statusKeyMs, () => deps.find(secret)),
    now: ctx.now,
  })
  const auth = apiKeyAuth(keys)
  const read = requireScope('read')
  const chat = requireScope('chat')

  // A trailing slash is the same path: clients that add one lose their body on a redirect.
  const free = (path: string, route: Route) => app.on('GET', [path, `${path}/`], (c) => route(c, ctx))
  const get = (path: string, route: Route) => app.on('GET', [path, `${path}/`], auth, read, handle(route))
  const write = (method: 'POST' | 'DELETE', path: string, route: Route) =>
    app.on(method, [path, `${path}/`], auth, chat, handle(route))
  const handle =
    (route: Route): Handler<AppEnv> =>
    (c) =>
      route(c, ctx)

  app.get('/', (c) => homePage(c, ctx))
  free('/health', health)
  free('/ready', ready)
  mountMetrics(app, { ...deps, authenticate: auth })
  free('/api/v1/health', health)
  free('/api/v1/ready', ready)
  for (const base of ['/api/v1', '/v1']) {
    write('POST', `${base}/chat/completions`, chatCompletions)
    get(`${base}/models`, listModels)
    get(`${base}/models/:id{aether(?:/|%2[Ff])[^/]+|[^/]+}`, readModel)
  }
  get('/api/v1/runs/:id', readRun)
  get('/api/v1/runs/:id/events', readRunEvents)
  write('POST', '/api/v1/runs/:id/cancel', cancelRun)
  write('POST', '/api/v1/runs/:id/feedback', feedback)
  get('/api/v1/usage', usage)
  get('/api/v1/conversations', listConversations)
  get('/api/v1/conversations/:id', readConversation)
  write('DELETE', '/api/v1/conversations/:id', removeConversation)
  get('/api/v1/analyses/:id', readAnalysis)
  const statusPaths = ['/api/v1/status', '/api/v1/status/']
  app.on('GET', statusPaths, apiKeyAuth({ find: keys.findOrRecall }), read, handle(status))
  const team = mountTeam(app, ctx, [auth, chat])
  return {
    app,
    start,
    sweep,
    async drain(graceMs) {
      await drain(graceMs)
      team.stop()
    },
  }
}
