import { reveal, type Secret } from '../../shared/config/secret.ts'
import type { Config } from './config.ts'

/** All secrets of a configuration: no log line and no span may hold one of them. */
export function secretsOf(config: Config): (Secret | string)[] {
  const { apiKey, serviceSecret, metricsToken, model, databaseUrl, home, tracing } = config
  const secrets: (Secret | string | null | undefined)[] = [
    apiKey,
    serviceSecret,
    metricsToken,
    model?.apiKey,
    home.assistant?.token,
    databaseUrl,
    databaseUrl && decodeURIComponent(new URL(reveal(databaseUrl)).password),
    ...Object.values(tracing.otlp?.headers ?? {}),
  ]
  const authorization = tracing.mlflow?.authorization
  if (authorization) secrets.push(authorization, ...credentialsOf(reveal(authorization)))
  return secrets.filter((one) => one != null)
}

/** What stands in an Authorization header, in all forms in which it could turn up. */
function credentialsOf(header: string): string[] {
  const [scheme, value = ''] = header.split(' ')
  if (scheme !== 'Basic') return [value]
  const password = Buffer.from(value, 'base64').toString().split(':').slice(1).join(':')
  return [value, password]
}
