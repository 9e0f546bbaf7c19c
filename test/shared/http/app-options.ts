import { createLog } from '../../../shared/config/log.ts'
import type { AppOptions } from '../../../shared/http/app.ts'

/** Options of an app whose log lines land in `lines`. */
export function appOptions(
  lines: Record<string, unknown>[] = [],
  given: Partial<AppOptions> = {},
): AppOptions {
  let count = 0
  const now = () => 1_795_000_000_000 + count
  return {
    service: 'gateway',
    log: createLog({
      write: (line) => lines.push(JSON.parse(line)),
      level: 'debug',
      service: 'gateway',
      now,
      secrets: [],
    }),
    newId: (prefix) => `${prefix}_${++count}`,
    now,
    ...given,
  }
}
