import { reveal, type Secret } from '../config/secret.ts'
import type { NewId, Now } from '../domain/ids.ts'
import type { Fetch } from '../http/fetch.ts'
import { createLanguageModel } from './client.ts'
import { createOfflineModel, OFFLINE_MODEL } from './offline/model.ts'
import type { LanguageModel } from './port.ts'

const IDLE_MS = 60_000

/** A language model provider. */
export interface Provider {
  readonly baseUrl: string
  readonly apiKey: Secret
  readonly model: string
}

export interface OpenModelOptions {
  /** Null: the built-in offline model answers. */
  readonly provider: Provider | null
  readonly fetch: Fetch
  readonly firstByteMs: number
  readonly now: Now
  readonly newId: NewId
}

/** The language model of a host: the provider's, or the built-in offline one. */
export function openLanguageModel({ provider, ...options }: OpenModelOptions): LanguageModel {
  const { now, newId, firstByteMs } = options
  const common = { firstByteMs, idleMs: IDLE_MS, now }
  if (provider === null) {
    const offline = createOfflineModel({ now, newId })
    return createLanguageModel({
      ...common,
      baseUrl: 'http://offline.invalid/v1',
      apiKey: 'offline',
      model: OFFLINE_MODEL,
      fetch: (request) => offline.fetch(request),
      offline: true,
    })
  }
  return createLanguageModel({
    ...common,
    baseUrl: provider.baseUrl,
    apiKey: reveal(provider.apiKey),
    model: provider.model,
    fetch: options.fetch,
    offline: false,
  })
}
