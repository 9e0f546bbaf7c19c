import { createMemoryTaskStore } from '../../../shared/a2a/memory-task-store.ts'
import { createLog } from '../../../shared/config/log.ts'
import { createTokenSource, serviceAuth } from '../../../shared/http/service-token.ts'
import { createTckAgent } from '../../tck/agent.ts'

export const URL_OF_TCK = 'https://tck.example'
const SECRET = 'a-secret-for-tests-0123456789abcdef'
const now = () => Date.now()

/** The conformance kit's agent behind service tokens, with tasks in memory, called in this process. */
export function tckAgent(given: Partial<Parameters<typeof createTckAgent>[0]> = {}) {
  const log = createLog({ write: () => {}, level: 'silent', service: 's', now, secrets: [] })
  const app = createTckAgent({
    url: URL_OF_TCK,
    tasks: createMemoryTaskStore({ max: 100, now }),
    push: null,
    log,
    authenticate: serviceAuth({ secret: SECRET, audience: 'gateway', now }),
    card: { legacy: true },
    ...given,
  })
  const token = createTokenSource({ secret: SECRET, issuer: 'architect', audience: 'gateway', now })

  /** A request as a user (null: nobody), by a version (null: none named). */
  const request = async (
    path: string,
    options: {
      method?: string
      body?: unknown
      user?: string | null
      version?: string | null
      headers?: Record<string, string>
    } = {},
  ) => {
    const { method = 'POST', body, user = 'anna', version = '1.0', headers = {} } = options
    return app.request(path, {
      method,
      headers: {
        ...(user === null ? {} : { authorization: `Bearer ${await token(user)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(version === null ? {} : { 'a2a-version': version }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  const rpc = (method: string, params: unknown, options: Parameters<typeof request>[1] = {}) =>
    request('/', { ...options, body: { jsonrpc: '2.0', id: 1, method, params } })

  return { app, request, rpc, token }
}

/** A message by the name of a script. */
export const messageOf = (script: string, given: Record<string, unknown> = {}) => ({
  messageId: `${script}-${crypto.randomUUID()}`,
  role: 'ROLE_USER',
  parts: [{ text: 'hi' }],
  ...given,
})

/** The payloads of a stream of server-sent events. */
export async function eventsOf(response: Response): Promise<Record<string, never>[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: '))
    .map((frame) => JSON.parse(frame.slice('data: '.length)))
}
