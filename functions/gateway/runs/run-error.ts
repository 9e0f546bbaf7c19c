import { AetherError } from '../../../shared/errors/aether-error.ts'
import { codeFromWire } from '../../../shared/errors/wire.ts'

/** The inverse of `toWireError`; a code that the table lacks is INTERNAL, and its text stays inside. */
export function fromRunError(error: { code: string; message: string }): AetherError {
  const known = codeFromWire(error.code)
  return known === null || known === 'INTERNAL'
    ? new AetherError('INTERNAL')
    : new AetherError(known, error.message)
}
