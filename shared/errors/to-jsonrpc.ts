import type { AetherError } from './aether-error.ts'
import { ERRORS } from './table.ts'

export interface JsonRpcErrorObject {
  readonly code: number
  readonly message: string
  readonly data: readonly Record<string, unknown>[]
}

/** The error as a JSON-RPC error object; `data` carries our code as the reason, and the path of a bad field. */
export function toJsonRpc(error: AetherError): JsonRpcErrorObject {
  const data: Record<string, unknown>[] = [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: error.code, domain: 'a2a-protocol.org' },
  ]
  if (error.details.param !== undefined)
    data.push({
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field: error.details.param, description: error.message }],
    })
  return { code: ERRORS[error.code].jsonrpc, message: error.message, data }
}
