import * as v from 'valibot'
import { COMMON, HOME, MODEL } from '../../shared/worker/env.ts'

/** The variables of the architect's worker. */
export const ArchitectEnv = v.object({ ...COMMON, ...MODEL, ...HOME })
