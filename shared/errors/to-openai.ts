import type { AetherError } from './aether-error.ts'
import { ERRORS } from './table.ts'

export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string
  }
}

/** The error in OpenAI's shape, for JSON answers and for the error object of a stream. */
export function toOpenAI(error: AetherError): OpenAIErrorBody {
  const row = ERRORS[error.code]
  return {
    error: {
      message: error.message,
      type: row.openaiType,
      param: error.details.param ?? null,
      code: row.wire,
    },
  }
}
