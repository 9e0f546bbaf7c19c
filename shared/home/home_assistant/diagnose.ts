import type { Fetch } from '../../http/fetch.ts'
import { holdRequest } from '../../http/hold-request.ts'
import type { LinkState } from './fault.ts'

/** How long the look may take. */
const LOOK_MS = 5_000

/**
 * Finds out why no WebSocket could be opened, for a WebSocket does not tell: asks for a public page of Home Assistant,
 * without the token, and reads the answer or the error. `base` is the address without a trailing slash.
 */
export async function diagnose(base: string, fetch: Fetch): Promise<LinkState> {
  const answer = await look(base, fetch)
  if (answer instanceof Response) return readAnswer(answer)
  const state = readError(answer)
  if (state !== 'unreachable' || !base.startsWith('http:') || isRefusedOrUnknown(answer)) return state
  const secure = await look(base.replace(/^http:/, 'https:'), fetch)
  const speaksTls = secure instanceof Response || ['untrusted', 'wrong_name'].includes(readError(secure))
  return speaksTls ? 'speaks_https' : state
}

async function look(base: string, fetch: Fetch): Promise<Response | unknown> {
  try {
    const response = await fetch(
      holdRequest(`${base}/manifest.json`, { redirect: 'manual', signal: AbortSignal.timeout(LOOK_MS) }),
    )
    const text = await response.text()
    return new Response(text.slice(0, 10_000), { status: response.status, headers: response.headers })
  } catch (error) {
    return error ?? new Error('unknown')
  }
}

async function readAnswer(response: Response): Promise<LinkState> {
  if (response.status === 403) return 'refused'
  if (response.status >= 300 && response.status < 400)
    return response.headers.get('location')?.startsWith('https:') ? 'speaks_https' : 'not_home_assistant'
  const text = await response.text()
  if (response.status === 400 && /https/i.test(text)) return 'speaks_https'
  return response.status === 200 && isManifest(text) ? 'no_socket' : 'not_home_assistant'
}

/** Home Assistant gives its start page for many a path that it does not know, so the name alone is no sign. */
function isManifest(text: string): boolean {
  try {
    return /home.?assistant/i.test(String(JSON.parse(text).name))
  } catch {
    return false
  }
}

const CODES: readonly (readonly [RegExp, LinkState])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'unknown_host'],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|UNSUPPORTED_PROTOCOL/i,
    'speaks_http',
  ],
  [/ALTNAME|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'wrong_name'],
  [/SELF_SIGNED|UNABLE_TO_|CERT_|DEPTH_ZERO/, 'untrusted'],
  [/TIMEOUT|TimeoutError/i, 'slow'],
]

function readError(error: unknown): LinkState {
  const text = codesOf(error)
  return CODES.find(([pattern]) => pattern.test(text))?.[1] ?? 'unreachable'
}

/** A refused connection says all: there is nothing that could speak https either. */
function isRefusedOrUnknown(error: unknown): boolean {
  return /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(codesOf(error))
}

/** Names and codes of an error and of what caused it. */
function codesOf(error: unknown): string {
  const parts: string[] = []
  let at = error
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth++) {
    const { name, code, message, cause } = at as Record<'name' | 'code' | 'message' | 'cause', unknown>
    parts.push(String(name), String(code), String(message))
    at = cause
  }
  return parts.join(' ')
}
