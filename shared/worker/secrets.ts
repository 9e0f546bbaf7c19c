import type { Secret } from '../config/secret.ts'
import { receiverSecrets, toTracingConfig } from '../tracing/config.ts'
import { databasePassword, type WorkerEnv } from './bindings.ts'
import type { AgentEnv } from './env.ts'

/** All secrets that a worker was given: no log line and no span may hold one of them. */
export function secretsOf(
  env: AgentEnv & { readonly METRICS_TOKEN?: Secret | undefined },
  bindings: WorkerEnv,
): (Secret | string)[] {
  const secrets = [
    env.SERVICE_SECRET,
    env.LLM_API_KEY,
    env.OPENAI_API_KEY,
    env.HA_TOKEN,
    env.METRICS_TOKEN,
    databasePassword(bindings),
    ...receiverSecrets(toTracingConfig(env)),
  ]
  return secrets.filter((one) => one !== undefined)
}
