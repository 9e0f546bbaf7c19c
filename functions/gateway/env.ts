import * as v from 'valibot'
import { integer, list, seconds, secret } from '../../shared/config/env.ts'
import { COMMON, HOME, MODEL } from '../../shared/worker/env.ts'

/** The variables of the gateway's worker. */
export const GatewayEnv = v.object({
  ...COMMON,
  ...MODEL,
  ...HOME,
  CORS_ORIGINS: v.optional(list(), ''),
  KEY_TOKENS_PER_DAY: v.optional(integer(1, 1_000_000_000_000)),
  METRICS_TOKEN: v.optional(secret(8)),
  TURN_TIMEOUT_S: v.optional(seconds(1, 3_600), '300'),
  /** How long a run goes on after its client has left, before it is handed over: less than the platform allows (30 s). */
  AFTER_ANSWER_S: v.optional(seconds(0, 3_600), '20'),
})
