import type { ProbeResult } from '../../../functions/gateway/deps.ts'
import { reveal } from '../../../shared/config/secret.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import type { ModelConfig } from '../config.ts'
import { isRedirect } from './model.ts'

/** A provider counts what it is asked: one that answered is left alone for a minute, another one for ten seconds. */
const KEPT_MS = 60_000
const KEPT_DOWN_MS = 10_000

/**
 * A look at the provider of the language model, for `/status`: whether it can be reached and takes the key, by its list
 * of models. That costs no tokens; a provider without a list is up all the same.
 */
export function createModelLook(
  model: ModelConfig | null,
  now: Now,
): (signal: AbortSignal) => Promise<ProbeResult> {
  let kept: { until: number; result: ProbeResult } | null = null
  return async (signal) => {
    if (model === null) return { state: 'ok' }
    if (kept !== null && now() < kept.until) return kept.result
    const result = await look(model, signal)
    kept = { until: now() + (result.state === 'ok' ? KEPT_MS : KEPT_DOWN_MS), result }
    return result
  }
}

async function look(model: ModelConfig, signal: AbortSignal): Promise<ProbeResult> {
  const fault = (state: 'down' | 'degraded', message: string, next: string): ProbeResult => ({
    state,
    code: 'llm_unavailable',
    message,
    next,
  })
  try {
    const headers = { authorization: `Bearer ${reveal(model.apiKey)}` }
    const response = await fetch(`${model.baseUrl}/models`, { headers, signal, redirect: 'manual' })
    await response.body?.cancel()
    const { status } = response
    if (isRedirect(response))
      return fault('down', 'The provider sends elsewhere.', 'Set LLM_BASE_URL to the address that it names.')
    if (status === 401 || status === 403)
      return fault('down', 'The provider refuses the key.', 'Check LLM_API_KEY.')
    if (status === 429)
      return fault('degraded', 'The provider asks to slow down.', 'Wait, or check the quota there.')
    if (status >= 500)
      return fault('degraded', `The provider answers ${status}.`, 'Wait, or look at its status page.')
    return { state: 'ok' }
  } catch {
    // The fault's own text may hold the address with what stands in it.
    if (signal.aborted) throw signal.reason
    return fault('down', 'The provider cannot be reached.', 'Check LLM_BASE_URL, and that it runs.')
  }
}
