import { reveal, type Secret } from '../../shared/config/secret.ts'
import { receiverSecrets } from '../../shared/tracing/config.ts'
import type { Config } from './config.ts'

/** All secrets of a configuration: no log line and no span may hold one of them. */
export function secretsOf(config: Config): (Secret | string)[] {
  const { apiKey, serviceSecret, metricsToken, model, databaseUrl, home, tracing, push } = config
  const secrets: (Secret | string | null | undefined)[] = [
    apiKey,
    serviceSecret,
    metricsToken,
    push?.secret,
    model?.apiKey,
    home.assistant?.token,
    databaseUrl,
    databaseUrl && decodeURIComponent(new URL(reveal(databaseUrl)).password),
    ...receiverSecrets(tracing),
  ]
  return secrets.filter((one) => one != null)
}
