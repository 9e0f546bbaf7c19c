import type { Context } from 'hono'
import { AGENTS } from '../../../shared/domain/names.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'

/** When agents became models: 2026-01-01, the same for all, as clients sort and cache by it. */
const CREATED = 1_767_225_600

const toModel = (agent: string) =>
  ({ id: `aether/${agent}`, object: 'model', created: CREATED, owned_by: 'aether' }) as const

/** `GET /models`: the agents that a client can ask, as models. */
export function listModels(c: Context<AppEnv>): Response {
  return c.json({ object: 'list', data: AGENTS.map(toModel) })
}

/** `GET /models/{id}`, with the id's slash plain or as `%2F`. */
export function readModel(c: Context<AppEnv>): Response {
  const id = c.req.param('id')
  const agent = AGENTS.find((name) => `aether/${name}` === id)
  if (agent === undefined)
    throw new AetherError('MODEL_NOT_FOUND', undefined, { details: { param: 'model' } })
  return c.json(toModel(agent))
}
