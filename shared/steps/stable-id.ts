import { sha256Hex } from '../config/digest.ts'
import type { IdPrefix, NewId } from '../domain/ids.ts'
import { placeOf } from './step-log.ts'

/**
 * An id that is the same in every execution of a run, so that what an agent stores under it is stored once; a new one
 * for a call that belongs to no run. It sorts by the time of the run, and is as hard to guess as the run's own.
 */
export async function stableId(
  prefix: IdPrefix,
  service: string,
  messageId: string,
  newId: NewId,
): Promise<string> {
  const place = placeOf(service, messageId)
  if (!place) return newId(prefix)
  const { runId, scope } = place
  const time = runId.slice('run_'.length, 'run_'.length + 10)
  return `${prefix}_${time}${(await sha256Hex(`${prefix} ${runId} ${scope}`)).slice(0, 16)}`
}
