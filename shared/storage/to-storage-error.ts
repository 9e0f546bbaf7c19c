import { AetherError } from '../errors/aether-error.ts'

/** Classes of SQLSTATE that mean "not now": connection, rollback, resources, operator, and system faults. */
const OUTAGE = /^(08|40|53|57|58)/

/** What a storage verb threw, by our table: STORAGE_UNAVAILABLE where waiting helps, else our own error or INTERNAL. */
export function toStorageError(thrown: unknown): AetherError {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AetherError) return at
    const code = 'code' in at ? String(at.code) : ''
    // A code that is no SQLSTATE comes from the driver or the socket; EPIPE only looks like one.
    const isSqlState = code.length === 5 && !/^E[A-Z]/.test(code)
    if (code !== '' && (!isSqlState || OUTAGE.test(code)))
      return new AetherError('STORAGE_UNAVAILABLE', undefined, { cause: thrown })
  }
  return new AetherError('INTERNAL', undefined, { cause: thrown })
}
