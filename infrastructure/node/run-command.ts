import { AetherError } from '../../shared/errors/aether-error.ts'
import { StartFault } from './start-fault.ts'

/** Runs a program: faults that its user can mend are said in plain lines on stderr, with exit code 1. */
export async function runCommand(program: (say: (line: string) => void) => Promise<void>): Promise<void> {
  // Whoever reads our output may leave, as `head` does: the server stays.
  process.stdout.on('error', () => {})
  try {
    await program((line) => process.stdout.write(`${line}\n`))
  } catch (error) {
    const known = error instanceof StartFault || error instanceof AetherError
    const text = known
      ? error.message
      : `Aether cannot start: ${error instanceof Error ? error.stack : String(error)}`
    process.stderr.write(`${text}\n`)
    process.exit(1)
  }
}
