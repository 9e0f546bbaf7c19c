import { parseArgs } from 'node:util'
import { StartFault } from '../start-fault.ts'

/** The value of `--file=…` of this program, or null where it is not given. Throws StartFault for anything else. */
export function readFile(): string | null {
  try {
    const { values } = parseArgs({ options: { file: { type: 'string', default: '' } } })
    return values.file.trim() || null
  } catch (cause) {
    throw new StartFault('Usage: make backup [FILE=name], or make restore FILE=name.', { cause })
  }
}
