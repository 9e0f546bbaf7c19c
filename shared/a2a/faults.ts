import { A2AError, restStatusFor, toRestErrorBody } from '@a2a-js/sdk/errors'
import { JsonRpcTransportHandler } from '@a2a-js/sdk/server'
import { toAetherError } from '../errors/aether-error.ts'
import { ERRORS } from '../errors/table.ts'
import { type JsonRpcErrorObject, toJsonRpc } from '../errors/to-jsonrpc.ts'

/** The fault as a JSON-RPC error: A2A's own errors as the SDK writes them, ours by our table, others as INTERNAL. */
export function toRpcFault(thrown: unknown): JsonRpcErrorObject | Record<string, unknown> {
  if (thrown instanceof A2AError) return { ...JsonRpcTransportHandler.mapToJSONRPCError(thrown) }
  return toJsonRpc(toAetherError(thrown))
}

/** Names of `google.rpc.Code` for our statuses; https://google.aip.dev/193 . */
const STATUS_NAMES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** The fault as status and body of the HTTP+JSON binding. */
export function toRestFault(thrown: unknown): { status: number; body: unknown } {
  if (thrown instanceof A2AError) {
    const status = restStatusFor(thrown)
    return { status, body: toRestErrorBody(thrown, status) }
  }
  const error = toAetherError(thrown)
  const status = ERRORS[error.code].http
  const details = toJsonRpc(error).data
  return {
    status,
    body: {
      error: { code: status, status: STATUS_NAMES[status] ?? 'INTERNAL', message: error.message, details },
    },
  }
}

/** True for a fault of ours that its caller cannot know about: it belongs in the log. */
export function isOurFault(thrown: unknown): boolean {
  if (thrown instanceof A2AError) return false
  return ERRORS[toAetherError(thrown).code].http >= 500
}
