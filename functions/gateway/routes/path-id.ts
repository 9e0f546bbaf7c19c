import type { Context } from 'hono'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'

const FORM = /^[a-z]+_[0-9a-z]{1,64}$/

/** The id of a path; what cannot be an id of ours is NOT_FOUND without a look into the database. */
export function pathId(c: Context<AppEnv>): string {
  const id = c.req.param('id') ?? ''
  if (!FORM.test(id)) throw new AetherError('NOT_FOUND')
  return id
}
