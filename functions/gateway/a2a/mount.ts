import { Hono, type MiddlewareHandler } from 'hono'
import { every } from 'hono/combine'
import { registerCard } from '../../../shared/a2a/card-document.ts'
import { registerKeys } from '../../../shared/a2a/mount-handler.ts'
import { mountAgent } from '../../../shared/a2a/server.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { USER } from '../../../shared/tracing/attributes.ts'
import { traceAgent } from '../../../shared/tracing/traced-agent.ts'
import { extendedGatewayCard, gatewayCard } from '../card.ts'
import type { GatewayContext } from '../deps.ts'
import { createTeam, type Team } from './team.ts'

/** Serves the team by A2A under `/a2a`, for API keys with the scope `chat`, and its card at the root for anybody. */
export function mountTeam(
  app: Hono<AppEnv>,
  ctx: GatewayContext,
  auth: readonly MiddlewareHandler<AppEnv>[],
): Team {
  const team = createTeam(ctx)
  const { tasks, now, newId, log, publicUrl, version } = ctx
  const signer = ctx.signer ?? null
  const sub = new Hono<AppEnv>()
  const card = mountAgent(sub, {
    service: 'gateway',
    card: gatewayCard(publicUrl, version),
    extendedCard: extendedGatewayCard(publicUrl, version),
    signer,
    push: ctx.push ?? null,
    authenticate: every(...auth),
    readInput: (message) => message.text,
    run: (question, call) =>
      traceAgent(
        ctx.tracer,
        {
          name: 'gateway',
          isRoot: true,
          kind: 'server',
          type: 'CHAIN',
          attributes: { [USER]: call.user },
          inputs: question,
        },
        call,
        (within) => team.run(question, within),
      ),
    tasks,
    now,
    newId,
    log,
    maxMs: ctx.limits.turnMs,
    keep: (work) => ctx.waitUntil(work),
  })
  registerCard(app, card, now())
  if (signer) registerKeys(app, signer)
  app.route('/a2a', sub)
  app.route('/a2a/', sub) // a card's URL is often joined with a slash
  return team
}
