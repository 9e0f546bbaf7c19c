import type { AetherError } from './aether-error.ts'
import { ERRORS } from './table.ts'
import { toOpenAI } from './to-openai.ts'

/**
 * The error as an HTTP answer in OpenAI's shape. OpenAI clients repeat 408, 409, 429 and 5xx twice by themselves, so
 * each of these says whether a repeat helps: `Retry-After` where it does, `x-should-retry: false` where it does not.
 */
export function toHttp(error: AetherError, requestId: string): Response {
  const row = ERRORS[error.code]
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
  })
  if (row.http === 401) headers.set('www-authenticate', 'Bearer')
  const { retryAfterS = row.retryable ? 2 : null } = error.details
  if (retryAfterS !== null) headers.set('retry-after', String(retryAfterS))
  if (!row.retryable && (row.http === 409 || row.http === 429 || row.http >= 500))
    headers.set('x-should-retry', 'false')
  return new Response(JSON.stringify(toOpenAI(error)), { status: row.http, headers })
}
