import type { ServiceName } from '../domain/names.ts'
import { toAetherError } from '../errors/aether-error.ts'
import { toHttp } from '../errors/to-http.ts'
import { createBasics } from './basics.ts'
import type { WorkerContext } from './bindings.ts'
import { type Scope, withScope } from './scope.ts'

/** Serves one request of a worker within its scope; a worker that is not set up says so in its log and answers INTERNAL. */
export async function serve(
  service: ServiceName,
  request: Request,
  context: WorkerContext,
  handle: (scope: Scope) => Promise<Response>,
): Promise<Response> {
  const { log, newId } = createBasics({ service, level: 'info', secrets: [] })
  try {
    return await withScope(request, context, handle, (error) => log.warn('closing', { error }))
  } catch (thrown) {
    const error = toAetherError(thrown)
    const id = newId('req')
    log.error('request failed', { request_id: id, code: error.code, error })
    return toHttp(error, id)
  }
}
