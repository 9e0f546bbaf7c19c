/**
 * A reason why a process cannot start that its reader can mend. Its message is one or more whole lines for the
 * terminal, without values of secrets; the process then ends with code 1.
 */
export class StartFault extends Error {
  override readonly name = 'StartFault'
}

/** The code of a system error, such as ENOENT, or null. */
export function errorCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null
  return typeof thrown.code === 'string' ? thrown.code : null
}
