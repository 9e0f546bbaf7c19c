import type { Context } from 'hono'
import { toWire } from '../../../shared/domain/wire.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import type { GatewayContext } from '../deps.ts'
import { pathId } from './path-id.ts'

/** `GET /analyses/{id}`: the ledger of one analysis, with findings, metrics, attempts and scripts. */
export async function readAnalysis(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const input = { id: pathId(c), owner: c.get('actor').id }
  const analysis = await ctx.store(() => ctx.readAnalysis(input))
  if (analysis === null) throw new AetherError('NOT_FOUND')
  return c.json(toWire(analysis))
}
