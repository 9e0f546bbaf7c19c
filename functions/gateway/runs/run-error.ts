import type { RunError } from '../../../shared/domain/run.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { ERRORS, type ErrorCode } from '../../../shared/errors/table.ts'

/** An error as runs and run events carry it. */
export function toRunError(error: AetherError): RunError {
  return { code: ERRORS[error.code].wire, message: error.message, retryable: error.retryable }
}

/** The inverse: by our code or its name on the wire; a code that the table lacks is INTERNAL, its text stays inside. */
export function fromRunError(error: { code: string; message: string }): AetherError {
  const known = (Object.keys(ERRORS) as ErrorCode[]).find(
    (code) => code === error.code || ERRORS[code].wire === error.code,
  )
  return known === undefined || known === 'INTERNAL'
    ? new AetherError('INTERNAL')
    : new AetherError(known, error.message)
}
