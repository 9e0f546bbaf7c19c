import type OpenAI from 'openai'
import type { Now } from '../domain/ids.ts'
import { aborted } from '../http/wait.ts'

const TTL_MS = 300_000
const TTL_AFTER_FAILURE_MS = 30_000
const WAIT_MS = 3_000
const MOST_MODELS = 5_000

/**
 * Tells whether the provider has a model, by its own list: read at most once in five minutes, bounded, and without
 * ever failing. A list that cannot be read counts as empty, so that the configured model answers.
 */
export function createModelList(
  openClient: () => Promise<OpenAI>,
  now: Now,
): { has(name: string, signal: AbortSignal): Promise<boolean> } {
  let known: ReadonlySet<string> = new Set()
  let freshUntil = 0
  let loading: Promise<void> | null = null

  async function load(): Promise<void> {
    try {
      const ids = new Set<string>()
      const client = await openClient()
      for await (const model of client.models.list({
        timeout: WAIT_MS,
        signal: AbortSignal.timeout(WAIT_MS),
      })) {
        ids.add(model.id)
        if (ids.size >= MOST_MODELS) break
      }
      known = ids
      freshUntil = now() + TTL_MS
    } catch {
      // Not every provider has the list; the next question asks again after a while.
      freshUntil = now() + TTL_AFTER_FAILURE_MS
    } finally {
      loading = null
    }
  }

  return {
    async has(name, signal) {
      if (now() >= freshUntil) {
        loading ??= load()
        await Promise.race([loading, aborted(signal)])
      }
      return known.has(name)
    },
  }
}
