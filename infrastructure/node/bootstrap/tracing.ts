import type { Now } from '../../../shared/domain/ids.ts'
import { receiversOf } from '../../../shared/tracing/config.ts'
import { openTracing, type Tracing } from '../../../shared/tracing/open-tracing.ts'
import type { Config } from '../config.ts'
import { createPoolFetch } from '../pool-fetch.ts'
import { secretsOf } from '../secrets.ts'
import { VERSION } from '../version.ts'

/** How long the last spans may take when the process ends. */
const LAST_MS = 2_000
/** MLflow thinks about a large batch for a while. */
const ANSWER_MS = 10_000

/** Opens what the configuration says about tracing. `close` sends the last spans. */
export function openTraces(
  config: Config,
  secrets: readonly string[],
  now: Now,
): { tracing: Tracing; close(): Promise<void> } {
  const pool = createPoolFetch({ headersTimeoutMs: ANSWER_MS })
  const tracing = openTracing({
    ...receiversOf(config.tracing),
    fetch: pool.fetch,
    content: config.tracing.content,
    prices: config.prices,
    secrets: [...secretsOf(config), ...secrets],
    version: VERSION,
    now,
  })
  return {
    tracing,
    async close() {
      await tracing.close(AbortSignal.timeout(LAST_MS))
      await pool.close()
    },
  }
}
