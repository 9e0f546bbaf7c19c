import { AetherError } from '../errors/aether-error.ts'
import type { StreamMethods } from './request-handler.ts'

/** The methods that answer with a stream. Throws UNSUPPORTED_OPERATION where there are none. */
export function streamingOf({ streaming }: { readonly streaming: StreamMethods | null }): StreamMethods {
  if (!streaming)
    throw new AetherError(
      'UNSUPPORTED_OPERATION',
      'This agent does not stream. Use SendMessage, and read the task with GetTask.',
    )
  return streaming
}
