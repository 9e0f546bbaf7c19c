import { commonRouteTests } from '../../../common-route-tests.ts'
import { withDatabase } from '../../../harness/database.ts'
import { ask, createEchoAgent, createTestGateway, KEY } from '../support.ts'

const database = withDatabase()
const app = () => createTestGateway(database.db, createEchoAgent()).gateway.app

for (const base of ['/api/v1', '/v1']) {
  const path = `${base}/chat/completions`
  commonRouteTests({ name: `POST ${path}`, app, method: 'POST', path, key: KEY, body: ask('hi') })
}

for (const path of [
  '/api/v1/models',
  '/v1/models',
  '/api/v1/models/aether/auto',
  '/api/v1/runs/run_1',
  '/api/v1/runs/run_1/events?after=1',
  '/api/v1/conversations?limit=1',
  '/api/v1/conversations/conv_1',
  '/api/v1/analyses/ana_1',
  '/api/v1/status',
])
  commonRouteTests({ name: `GET ${path}`, app, method: 'GET', path, key: KEY })

commonRouteTests({
  name: 'POST /api/v1/runs/{id}/cancel',
  app,
  method: 'POST',
  path: '/api/v1/runs/run_1/cancel',
  key: KEY,
})
commonRouteTests({
  name: 'DELETE /api/v1/conversations/{id}',
  app,
  method: 'DELETE',
  path: '/api/v1/conversations/conv_1',
  key: KEY,
})

for (const path of ['/', '/health', '/ready', '/metrics', '/api/v1/health', '/api/v1/ready'])
  commonRouteTests({ name: `GET ${path}`, app, method: 'GET', path, key: KEY, authenticated: false })
