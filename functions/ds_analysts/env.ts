import * as v from 'valibot'
import { url } from '../../shared/config/env.ts'
import { COMMON, HOME, MODEL } from '../../shared/worker/env.ts'

/** The variables of ds_analysts' worker. */
export const DsAnalystsEnv = v.object({
  ...COMMON,
  ...MODEL,
  ...HOME,
  /** The sandbox runner; without one metrics answer alone. */
  SANDBOX_URL: v.optional(url()),
})
