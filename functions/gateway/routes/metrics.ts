import type { Context } from 'hono'
import { sameSecret } from '../../../shared/config/digest.ts'
import { RUN_STATES } from '../../../shared/domain/run.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { credentialsOf } from '../../../shared/http/auth.ts'
import { countRuns } from '../../../shared/storage/runs/read-run.ts'
import { metricText, toLabels } from '../counters.ts'
import type { GatewayContext } from '../deps.ts'

/** `GET /metrics` in Prometheus' text format; by its own token where there is one. */
export async function metrics(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  await checkToken(c, ctx.metricsToken)
  const counted = await storedRuns(ctx)
  const text = [
    ctx.counters.text(),
    metricText({
      name: 'aether_runs_active',
      type: 'gauge',
      help: 'Runs that this process carries out.',
      rows: [['', ctx.runs.active]],
    }),
    metricText({
      name: 'aether_uptime_seconds',
      type: 'gauge',
      help: 'Seconds since this process started.',
      rows: [['', Math.floor((ctx.now() - ctx.startedAt) / 1_000)]],
    }),
    counted,
  ].join('')
  return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
}

/** Runs by state as stored; without the database the process's own numbers still answer. */
async function storedRuns(ctx: GatewayContext): Promise<string> {
  try {
    const rows = await ctx.store(() => countRuns(ctx.db))
    return metricText({
      name: 'aether_runs',
      type: 'gauge',
      help: 'Stored runs by state.',
      rows: RUN_STATES.map((state) => [
        toLabels({ state }),
        rows.find((row) => row.state === state)?.count ?? 0,
      ]),
    })
  } catch (error) {
    ctx.log.warn('metrics without storage', { error })
    return ''
  }
}

async function checkToken(c: Context<AppEnv>, token: string | null): Promise<void> {
  if (token === null) return
  for (const credential of credentialsOf(c.req.raw.headers)) if (await sameSecret(credential, token)) return
  throw new AetherError('UNAUTHENTICATED', 'Send METRICS_TOKEN as Authorization: Bearer.')
}
