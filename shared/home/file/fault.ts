import { AetherError } from '../../errors/aether-error.ts'

/** A fault in a meter's file: one line that names file, line and reason, never the value. */
export function fault(fileName: string, line: number, reason: string): AetherError {
  return new AetherError('INVALID_INPUT', `${fileName} line ${line}: ${reason}`, {
    details: { param: `line ${line}` },
  })
}
