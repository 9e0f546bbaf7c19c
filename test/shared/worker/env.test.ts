import * as v from 'valibot'
import { expect, it } from 'vitest'
import { DsOrchestratorEnv } from '../../../functions/ds_orchestrator/env.ts'
import { GatewayEnv } from '../../../functions/gateway/env.ts'
import { reveal } from '../../../shared/config/secret.ts'
import { COMMON, readEnv } from '../../../shared/worker/env.ts'

const SERVICE_SECRET = 'a-secret-of-the-test'

it('reads variables and leaves bindings alone, with the defaults of the Node hosts', () => {
  const env = readEnv(GatewayEnv, { SERVICE_SECRET, ARCHITECT: { fetch() {} }, HYPERDRIVE: {} })
  expect(reveal(env.SERVICE_SECRET)).toBe(SERVICE_SECRET)
  expect(env).toMatchObject({ LOG_LEVEL: 'info', TURN_TIMEOUT_S: 300_000, LLM_FIRST_BYTE_TIMEOUT_S: 120_000 })
  expect(env.CORS_ORIGINS).toEqual([])
  expect(readEnv(DsOrchestratorEnv, { SERVICE_SECRET })).toMatchObject({
    DS_CONFIDENCE_THRESHOLD: 0.7,
    DS_MAX_ATTEMPTS: 3,
  })
})

it('names every fault at once and no value', () => {
  const read = () => readEnv(v.object(COMMON), { SERVICE_SECRET: 'short', LOG_LEVEL: 'loud-value' })
  const cause = (() => {
    try {
      read()
      return ''
    } catch (error) {
      return String((error as Error).cause)
    }
  })()
  expect(cause).toMatch(/SERVICE_SECRET must have at least 16 characters/)
  expect(cause).toMatch(/LOG_LEVEL must be one of/)
  expect(cause).not.toMatch(/loud-value|short/)
})
