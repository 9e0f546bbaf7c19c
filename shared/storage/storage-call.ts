import { AetherError } from '../errors/aether-error.ts'
import { toStorageError } from './to-storage-error.ts'

/**
 * Runs a storage verb: STORAGE_UNAVAILABLE when the database is away or does not answer within `ms`. Errors of ours
 * pass; any other fault is INTERNAL, with its cause for the log.
 */
export async function storageCall<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(new AetherError('STORAGE_UNAVAILABLE')), ms)
      work().then(resolve, reject)
    })
  } catch (thrown) {
    throw toStorageError(thrown)
  } finally {
    clearTimeout(timer)
  }
}
