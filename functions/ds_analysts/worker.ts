import { AetherError } from '../../shared/errors/aether-error.ts'
import { toHttp } from '../../shared/errors/to-http.ts'
import type { Fetch } from '../../shared/http/fetch.ts'
import { createTokenSource } from '../../shared/http/service-token.ts'
import { createSandboxClient } from '../../shared/sandbox/client.ts'
import { createAgentWorker } from '../../shared/worker/agent-worker.ts'
import { readEnv } from '../../shared/worker/env.ts'
import { DsAnalystsEnv } from './env.ts'
import { createDsAnalysts } from './handler.ts'

/** ds_analysts as a worker; its sandbox runner is reached by SANDBOX_URL. */
export default createAgentWorker(
  'ds_analysts',
  (env) => readEnv(DsAnalystsEnv, env),
  ({ env, basics, home, llm, common }) => {
    const { now } = basics
    const token = createTokenSource({
      secret: env.SERVICE_SECRET,
      issuer: 'ds_analysts',
      audience: 'sandbox_runner',
      now,
    })
    return createDsAnalysts({
      ...common,
      home,
      llm,
      sandbox: createSandboxClient({ ...runnerAt(env.SANDBOX_URL), token, now }),
    })
  },
)

/** The runner's address; without one every script is told that there is none, as by a runner without gVisor. */
function runnerAt(url: string | undefined): { url: string; fetch: Fetch } {
  if (url !== undefined) return { url, fetch: (request) => fetch(request) }
  const none = new AetherError('SANDBOX_UNAVAILABLE', 'SANDBOX_URL names no sandbox runner.')
  return { url: 'http://no-runner.invalid', fetch: async () => toHttp(none, 'req_none') }
}
