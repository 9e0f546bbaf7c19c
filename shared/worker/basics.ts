import { createLog, type Log, type LogLevel } from '../config/log.ts'
import type { Secret } from '../config/secret.ts'
import { createNewId, type NewId, type Now } from '../domain/ids.ts'
import type { ServiceName } from '../domain/names.ts'
import { createMetrics, type Metrics } from '../http/metrics.ts'

/** Clock, ids and log of a worker. */
export interface Basics {
  readonly now: Now
  readonly newId: NewId
  readonly log: Log
  /** Of one request alone: a worker keeps nothing between two, and its platform counts by itself. */
  readonly metrics: Metrics
}

/** The platform's clock and randomness, and a log of one line a call to where the platform collects them. */
export function createBasics(options: {
  readonly service: ServiceName
  readonly level: LogLevel
  readonly secrets: readonly (Secret | string)[]
}): Basics {
  const now = () => Date.now()
  const log = createLog({ ...options, write: (line) => console.log(line), now })
  return { now, newId: createNewId(now), log, metrics: createMetrics() }
}
