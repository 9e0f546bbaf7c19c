import * as v from 'valibot'
import { fraction, integer } from '../../shared/config/env.ts'
import { COMMON, HOME, MODEL } from '../../shared/worker/env.ts'

/** The variables of ds_orchestrator's worker. */
export const DsOrchestratorEnv = v.object({
  ...COMMON,
  ...MODEL,
  ...HOME,
  DS_CONFIDENCE_THRESHOLD: v.optional(fraction(), '0.7'),
  DS_MAX_ATTEMPTS: v.optional(integer(1, 10), '3'),
})
