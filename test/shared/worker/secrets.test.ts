import { expect, it } from 'vitest'
import { GatewayEnv } from '../../../functions/gateway/env.ts'
import { reveal } from '../../../shared/config/secret.ts'
import { readEnv } from '../../../shared/worker/env.ts'
import { secretsOf } from '../../../shared/worker/secrets.ts'

it('knows every secret that a worker was given, the password of the database and credentials of receivers too', () => {
  const given = {
    SERVICE_SECRET: 'secret-of-the-test',
    LLM_API_KEY: 'key-of-the-model',
    OPENAI_API_KEY: 'key-of-the-other-model',
    HA_TOKEN: 'token-of-the-home',
    METRICS_TOKEN: 'token-of-the-metrics',
    MLFLOW_TRACKING_TOKEN: 'token-of-the-traces',
  }
  const bindings = {
    ...given,
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:5000',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=key-of-the-receiver',
    HYPERDRIVE: { connectionString: 'postgres://aether:pass%20word%20of%20it@127.0.0.1/aether' },
  }
  const texts = secretsOf(readEnv(GatewayEnv, bindings), bindings).map((secret) => reveal(secret))
  for (const secret of [...Object.values(given), 'key-of-the-receiver', 'pass word of it'])
    expect(texts).toContain(secret)
})
