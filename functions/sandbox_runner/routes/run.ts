import type { Hono } from 'hono'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { readJson } from '../../../shared/http/body.ts'
import { DEADLINE_HEADER, parseDeadlineMs } from '../../../shared/http/deadline.ts'
import { parseRunRequest, toRunResponse } from '../../../shared/sandbox/wire.ts'
import type { SandboxRunnerDeps } from '../deps.ts'

/** Waiting, starting and running together, for callers that name no deadline. */
const MAX_MS = 300_000

/**
 * `POST /run`: runs one script and answers 200 however it ended; 503 `sandbox_unavailable` where nothing could be run. The
 * script is killed when the caller goes away and when the caller's deadline passes.
 */
export function registerRun(
  app: Hono<AppEnv>,
  { sandbox, authenticate }: Pick<SandboxRunnerDeps, 'sandbox' | 'authenticate'>,
): void {
  app.post('/run', authenticate, async (c) => {
    const left = Math.min(parseDeadlineMs(c.req.header(DEADLINE_HEADER)) ?? MAX_MS, MAX_MS)
    const deadline = steadyNow() + left
    const job = parseRunRequest(await readJson(c))
    const options = { signal: c.req.raw.signal, deadline, user: c.get('actor').id }
    const result = await sandbox.run(job, options)
    const { exitClass, timings } = result
    Object.assign(c.get('logFields'), { exit_class: exitClass, error_class: result.errorClass, ...timings })
    if (exitClass === 'unavailable') throw new AetherError('SANDBOX_UNAVAILABLE', result.stderr || undefined)
    return c.json(toRunResponse(result))
  })
}
