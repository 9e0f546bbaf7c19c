import type { AetherError } from './aether-error.ts'
import { ERRORS, type ErrorCode } from './table.ts'

/** An error as runs and events carry it, on every wire of ours. */
export interface WireError {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}

/** The error under the name of its code on the wire. */
export function toWireError(error: AetherError): WireError {
  return { code: ERRORS[error.code].wire, message: error.message, retryable: error.retryable }
}

const BY_NAME = new Map<string, ErrorCode>(
  (Object.keys(ERRORS) as ErrorCode[]).flatMap((code) => [
    [code, code],
    [ERRORS[code].wire, code],
  ]),
)

/** The code behind our own name for it or the wire's; null for one that is not ours. */
export function codeFromWire(name: unknown): ErrorCode | null {
  return (typeof name === 'string' && BY_NAME.get(name)) || null
}
