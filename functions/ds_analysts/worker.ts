import { createTokenSource } from '../../shared/http/service-token.ts'
import { createSandboxClient } from '../../shared/sandbox/client.ts'
import { createNoSandbox } from '../../shared/sandbox/unavailable.ts'
import { createAgentWorker } from '../../shared/worker/agent-worker.ts'
import { readEnv } from '../../shared/worker/env.ts'
import { DsAnalystsEnv } from './env.ts'
import { createDsAnalysts } from './handler.ts'

const NO_URL = 'SANDBOX_URL names no runner.'

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
      sandbox:
        env.SANDBOX_URL === undefined
          ? createNoSandbox(NO_URL)
          : createSandboxClient({ url: env.SANDBOX_URL, fetch: (request) => fetch(request), token, now }),
    })
  },
)
