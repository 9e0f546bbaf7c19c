import type { Secret } from '../config/secret.ts'
import { pause } from '../http/wait.ts'
import { NO_PRICES } from '../llm/prices.ts'
import { receiversOf, toTracingConfig } from '../tracing/config.ts'
import { openTracing, type Tracing } from '../tracing/open-tracing.ts'
import type { Basics } from './basics.ts'
import type { AgentEnv } from './env.ts'
import type { Scope } from './scope.ts'

/** How long the spans of a request may take: the platform ends it 30 s after its answer, of which a run may use 20. */
const LAST_MS = 8_000
/** A receiver that took nothing is asked again after so long. */
const AGAIN_MS = 500

/** Tracing of one request: its spans are sent when its answer and its work have ended. */
export function openRequestTracing(
  env: AgentEnv,
  secrets: readonly (Secret | string)[],
  { now }: Pick<Basics, 'now'>,
  scope: Scope,
): Tracing {
  const config = toTracingConfig(env)
  const tracing = openTracing({
    ...receiversOf(config),
    fetch: (request) => fetch(request),
    content: config.content,
    prices: env.LLM_PRICES ?? NO_PRICES,
    secrets,
    version: env.AETHER_VERSION,
    now,
  })
  scope.onClose(() => sendAll(tracing, AbortSignal.timeout(LAST_MS)))
  return tracing
}

/** There is no later batch for what is not taken now. */
async function sendAll(tracing: Tracing, signal: AbortSignal): Promise<void> {
  for (;;) {
    await tracing.flush(signal)
    if (signal.aborted || tracing.targets.every(({ stats }) => stats.queued === 0)) return
    await pause(AGAIN_MS, signal)
  }
}
