import type { Context } from 'hono'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import type { GatewayContext } from '../deps.ts'
import type { Dependency } from '../probes.ts'

/** `GET /health`: the process is up. */
export function health(c: Context<AppEnv>): Response {
  return c.json({ status: 'ok' })
}

/** `GET /ready`: 200 once a chat request would be accepted, else 503 with what is missing. */
export async function ready(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const missing = (await ctx.probes.look()).filter((d) => d.required && !isUp(d)).map((d) => d.name)
  if (ctx.draining()) missing.push('shutdown')
  if (missing.length === 0) return c.json({ status: 'ready' })
  c.header('retry-after', '2')
  return c.json({ status: 'not_ready', missing }, 503)
}

/** `GET /status`: every dependency with state, latency and what to do next. Always 200, and within the bound of one look. */
export async function status(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const [dependencies, about] = await Promise.all([ctx.probes.look(), ctx.about()])
  return c.json({
    version: ctx.version,
    mode: ctx.mode,
    started_at: new Date(ctx.startedAt).toISOString(),
    dependencies: dependencies.map(toJson),
    ...about,
  })
}

const isUp = (d: Dependency) => d.state === 'ok' || d.state === 'degraded'

const toJson = (d: Dependency) => ({
  name: d.name,
  kind: d.kind,
  state: d.state,
  latency_ms: d.latencyMs,
  version: d.version,
  code: d.code,
  message: d.message,
  next: d.next,
})
