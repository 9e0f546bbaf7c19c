import type { Context } from 'hono'
import { RUN_STATES } from '../../../shared/domain/run.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { metricsResponse, metricText, toLabels } from '../../../shared/http/metrics.ts'
import { countRuns } from '../../../shared/storage/runs/read-run.ts'
import type { GatewayContext } from '../deps.ts'

/** `GET /metrics` in Prometheus' text format. */
export async function metrics(_: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
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
  return metricsResponse(text)
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
