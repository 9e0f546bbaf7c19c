import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DsAnalystsEnv } from '../../../functions/ds_analysts/env.ts'
import { DsOrchestratorEnv } from '../../../functions/ds_orchestrator/env.ts'
import { GatewayEnv } from '../../../functions/gateway/env.ts'
import { toVariables } from '../../../infrastructure/miniflare/variables.ts'
import { toConfig } from '../../../infrastructure/node/config.ts'
import { reveal } from '../../../shared/config/secret.ts'
import { readEnv } from '../../../shared/worker/env.ts'

const SECRETS = { API_KEY: 'key-of-the-test-1234', SERVICE_SECRET: 'secret-of-the-test' }
const around = { version: '1.2.3', sandboxUrl: 'http://127.0.0.1:9', model: 'small' }
const variablesOf = (env: Readonly<Record<string, string>>) =>
  toVariables(toConfig({ ...SECRETS, ...env }, import.meta.dirname), around)

describe('what the workers are told', () => {
  it('is what they read', () => {
    const variables = variablesOf({
      LLM_BASE_URL: 'http://127.0.0.1:11434/v1',
      TURN_TIMEOUT_S: '60',
      DS_MAX_ATTEMPTS: '2',
      DEMO_NOW: '2026-11-24T10:00:00Z',
      CORS_ORIGINS: 'https://a.example, https://b.example',
    })
    expect(readEnv(GatewayEnv, variables.gateway)).toMatchObject({
      AETHER_VERSION: '1.2.3',
      TURN_TIMEOUT_S: 60_000,
      LLM_BASE_URL: 'http://127.0.0.1:11434/v1',
      LLM_MODEL: 'small',
      DEMO_NOW: Date.parse('2026-11-24T10:00:00Z'),
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
    })
    expect(readEnv(DsOrchestratorEnv, variables.ds_orchestrator).DS_MAX_ATTEMPTS).toBe(2)
    expect(readEnv(DsAnalystsEnv, variables.ds_analysts).SANDBOX_URL).toBe('http://127.0.0.1:9')
  })

  it('is no more than each needs: the API key stays with the host, which has put its hash into the database', () => {
    for (const own of Object.values(variablesOf({}))) {
      expect(JSON.stringify(own)).not.toContain(SECRETS.API_KEY)
      expect(own.SERVICE_SECRET).toBe(SECRETS.SERVICE_SECRET)
      expect(own.LLM_BASE_URL).toBeUndefined()
    }
  })

  it('names a Home Assistant with its token', () => {
    const variables = variablesOf({ HA_URL: 'http://home.example:8123', HA_TOKEN: 'long-lived' })
    const env = readEnv(GatewayEnv, variables.gateway)
    expect(env.HA_URL).toBe('http://home.example:8123')
    expect(env.HA_TOKEN && reveal(env.HA_TOKEN)).toBe('long-lived')
  })

  it('holds no file: a home that is one is refused by name', () => {
    const file = join(import.meta.dirname, 'meter.csv')
    expect(() => variablesOf({ HOME_DATA: file })).toThrow(/HOME_DATA names a file/)
    expect(() =>
      variablesOf({ HA_URL: 'https://home.example', HA_TOKEN: 'long-lived', HA_CA_FILE: file }),
    ).toThrow(/HA_CA_FILE/)
  })
})
