import { ERRORS, type ErrorCode } from './table.ts'

export interface ErrorDetails {
  /** Path of the fault from the body's root, such as `messages[0].role`. */
  readonly param?: string
  /** Seconds after which a retry makes sense. */
  readonly retryAfterS?: number
}

/**
 * The one error class that crosses our functions. `message` may reach a client: it says what is wrong and what to do,
 * never the offending value. What only the log may see goes into `cause`.
 */
export class AetherError extends Error {
  override readonly name = 'AetherError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message?: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message ?? `${ERRORS[code].message} ${ERRORS[code].suggestion}`, { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable
  }
}

/** Turns whatever was thrown into an AetherError; what is not known becomes INTERNAL with the original as cause. */
export function toAetherError(thrown: unknown): AetherError {
  if (thrown instanceof AetherError) return thrown
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError')
    return new AetherError('DEADLINE_EXCEEDED', undefined, { cause: thrown })
  if (thrown instanceof DOMException && thrown.name === 'AbortError')
    return new AetherError('CANCELLED', undefined, { cause: thrown })
  return new AetherError('INTERNAL', undefined, { cause: thrown })
}
