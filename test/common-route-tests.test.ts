import { createApp } from '../shared/http/app.ts'
import { apiKeyAuth } from '../shared/http/auth.ts'
import { readJson } from '../shared/http/body.ts'
import { commonRouteTests } from './common-route-tests.ts'
import { result, scriptedAgent } from './shared/a2a/scripted-agent.ts'
import { appOptions } from './shared/http/app-options.ts'

const KEY = 'key-for-tests-0123456789'

function app() {
  const made = createApp(appOptions())
  const find = async (secret: string) =>
    secret === KEY ? { id: 'key_1', name: 'test', scopes: ['*'] } : null
  made.post('/things/:id', apiKeyAuth({ find }), async (c) => c.json({ got: await readJson(c) }))
  made.get('/things', apiKeyAuth({ find }), (c) => c.json([]))
  return made
}

commonRouteTests({
  name: 'POST /things/:id',
  app,
  method: 'POST',
  path: '/things/7',
  key: KEY,
  body: { a: 1 },
})
commonRouteTests({ name: 'GET /things', app, method: 'GET', path: '/things?limit=1', key: KEY })

const agent = scriptedAgent(async function* () {
  yield result('x')
})
const message = { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text: 'hi' }] }
commonRouteTests({
  name: 'JSON-RPC',
  app: () => agent.app,
  method: 'POST',
  path: '/rpc',
  key: () => agent.token(),
  body: { jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } },
  malformedStatus: 200,
})
