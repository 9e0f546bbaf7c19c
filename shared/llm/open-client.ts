import type { OpenAI } from 'openai/client'
import type { Fetch } from '../http/fetch.ts'
import { holdRequest } from '../http/hold-request.ts'

export interface ProviderOptions {
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string
  readonly apiKey: string
  readonly fetch: Fetch
  /** How long a provider may take to begin its answer. */
  readonly firstByteMs: number
}

/** Loads the package that speaks to providers; a process that will need it can do so at its start. */
export const loadOpenAI = () => import('openai/client')

/**
 * Opens the provider's client with the first call, and the same one after. The package is a third of a worker: most of
 * them begin, and many requests end, without a word to a model.
 */
export function createOpenClient(options: ProviderOptions): () => Promise<OpenAI> {
  let client: OpenAI | null = null
  return async () => {
    client ??= open((await loadOpenAI()).OpenAI, options)
    return client
  }
}

function open(Client: typeof OpenAI, { baseUrl, apiKey, fetch, firstByteMs }: ProviderOptions): OpenAI {
  return new Client({
    apiKey,
    baseURL: baseUrl,
    fetch: (url, init = {}) => fetch(holdRequest(String(url), init)),
    maxRetries: 0,
    timeout: firstByteMs,
    // Set, so that the client does not look for them in the process's environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    dangerouslyAllowBrowser: true, // the guard is for keys in web pages; here it mistakes some runtimes for one
  })
}
