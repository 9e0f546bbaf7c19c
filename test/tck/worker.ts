import { createBasics } from '../../shared/worker/basics.ts'
import type { Worker, WorkerEnv } from '../../shared/worker/bindings.ts'
import { openDb } from '../../shared/worker/database.ts'
import { createQuickRouter } from '../../shared/worker/router.ts'
import type { Scope } from '../../shared/worker/scope.ts'
import { serve } from '../../shared/worker/serve.ts'
import { openTasks } from '../../shared/worker/tasks.ts'
import { createTckAgent } from './agent.ts'
import { createTckPush } from './push.ts'

/** The conformance kit's agent as a worker: everything is opened for each request, as the product's own workers do. */
const worker: Worker = {
  fetch: (request, bindings, context) =>
    serve('gateway', request, context, async (scope) =>
      open(bindings, scope, new URL(request.url).origin).fetch(request),
    ),
}

export default worker

function open(bindings: WorkerEnv, scope: Scope, url: string) {
  const basics = createBasics({ service: 'gateway', level: 'warn', secrets: [] })
  const db = openDb(bindings, scope)
  const tasks = openTasks('gateway', db, basics, scope)
  return createTckAgent({
    url,
    tasks,
    push: bindings.PUSH === 'on' ? openPush({ ...basics, db, tasks }, scope) : null,
    streaming: bindings.STREAMING === 'on',
    log: basics.log,
    keep: scope.waitUntil,
    router: createQuickRouter(),
  })
}

/** Sends what is due while the request and its work last, and once more when they have ended. */
function openPush(deps: Parameters<typeof createTckPush>[0], scope: Scope) {
  const { methods, sender } = createTckPush(deps)
  sender.start()
  scope.onClose(async () => {
    await sender.send()
    await sender.stop()
  })
  return methods
}
