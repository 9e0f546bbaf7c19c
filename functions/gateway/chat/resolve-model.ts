import type { GatewayContext } from '../deps.ts'
import { pause } from '../runs/timers.ts'

/**
 * The language model that a request will meet: `name` for X-Aether-Model, `hint` for the turn (null: the configured
 * one). It never fails a request: a provider that does not list its models in time means the configured one.
 */
export async function resolveModel(
  asked: string | null,
  ctx: Pick<GatewayContext, 'llm' | 'timers' | 'limits' | 'log'>,
): Promise<{ name: string; hint: string | null }> {
  const configured = { name: ctx.llm.name, hint: null }
  if (asked === null) return configured
  const over = new AbortController()
  try {
    const late = pause(ctx.timers, ctx.limits.resolveMs, over.signal).then(() => ctx.llm.name)
    const name = await Promise.race([ctx.llm.resolve(asked, over.signal), late])
    return name === ctx.llm.name ? configured : { name, hint: name }
  } catch (error) {
    ctx.log.warn('model not resolved', { error })
    return configured
  } finally {
    over.abort()
  }
}
