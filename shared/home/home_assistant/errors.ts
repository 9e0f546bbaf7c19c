import { AetherError } from '../../errors/aether-error.ts'
import { CallRefused, LinkFault, toUnavailable } from './fault.ts'

/** Any rejection of this adapter as the error that a reader sees; an error of ours passes as it is. */
export function toHomeError(error: unknown): unknown {
  if (error instanceof LinkFault) return toUnavailable(error)
  if (!(error instanceof CallRefused)) return error
  const why =
    error.code === 'unauthorized'
      ? "Home Assistant does not let this token read what is needed. Use an administrator's token in HA_TOKEN."
      : 'Home Assistant refused a call that is needed. Look at its log, or update it.'
  return new AetherError('HOME_UNAVAILABLE', why, { cause: error })
}

/** The other way of reading something where the first one is refused; other errors pass. */
export function orIfRefused<T>(error: unknown, other: () => Promise<T>): Promise<T> {
  if (error instanceof CallRefused) return other()
  throw error
}

/** For what may not have been set up: null where Home Assistant says that there is none. */
export function noneIfNotThere(error: unknown): null {
  if (error instanceof CallRefused && ['not_found', 'unknown_command'].includes(error.code)) return null
  throw error
}
