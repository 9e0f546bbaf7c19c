import { expect, test } from 'vitest'
import { toConfig } from '../../../infrastructure/node/config.ts'
import { reveal } from '../../../shared/config/secret.ts'

const SECRETS = { API_KEY: 'a-key-of-16-chars', SERVICE_SECRET: 'a-secret-of-16-chars' }
const config = (env: Record<string, string> = {}) => toConfig({ ...SECRETS, ...env }, '/clone')

test('nothing but the secrets is needed', () => {
  expect(config()).toMatchObject({
    mode: 'monolith',
    service: null,
    host: '127.0.0.1',
    port: 8_000,
    dataDir: '/clone/data',
    databaseUrl: null,
    model: null,
    threshold: 0.7,
    maxAttempts: 3,
    turnMs: 300_000,
    home: { data: null, currency: null, tariff: null },
  })
})

test('every fault is listed, one a line, without values', () => {
  const faulty = () => toConfig({ API_KEY: 'short', PORT: 'hunter2', LOG_LEVEL: 'hunter2' }, '/clone')
  expect(faulty).toThrow(
    /^(?=.*API_KEY must have at least 16 characters\.)(?=.*PORT must be)(?=.*LOG_LEVEL must be one of)(?=.*SERVICE_SECRET must be set\.)/s,
  )
  expect(faulty).not.toThrow('hunter2')
})

test('relative paths begin at the root of the project', () => {
  const { dataDir, home } = config({
    DATA_DIR: 'elsewhere',
    HOME_DATA: './meter.csv',
    HOME_TARIFF: '/etc/t.json',
  })
  expect([dataDir, home.data, home.tariff]).toEqual(['/clone/elsewhere', '/clone/meter.csv', '/etc/t.json'])
})

test('a service alone has its own port and the addresses of the others', () => {
  expect(config({ AETHER_SERVICE: 'ds_analysts' })).toMatchObject({
    mode: 'distributed',
    service: 'ds_analysts',
    port: 8_003,
    links: { architect: 'http://architect:8000' },
  })
  expect(config({ DEPLOYMENT_MODE: 'distributed' }).service).toBe('gateway')
  expect(
    config({ AETHER_SERVICE: 'gateway', ARCHITECT_SERVICE_URL: 'http://127.0.0.1:8001/' }).links.architect,
  ).toBe('http://127.0.0.1:8001')
})

test('a model provider is there with a base URL, with a key, or with both', () => {
  expect(config({ LLM_BASE_URL: 'http://ollama:11434/v1' }).model).toMatchObject({
    baseUrl: 'http://ollama:11434/v1',
    model: null,
  })
  const openai = config({ OPENAI_API_KEY: 'sk-x' }).model
  expect(openai).toMatchObject({ baseUrl: 'https://api.openai.com/v1', model: 'gpt-4o' })
  expect(openai && reveal(openai.apiKey)).toBe('sk-x')
  const both = config({ OPENAI_API_KEY: 'sk-x', LLM_API_KEY: 'sk-y', LLM_MODEL: 'm' }).model
  expect(both && [reveal(both.apiKey), both.model]).toEqual(['sk-y', 'm'])
  expect(config({ LLM_MODEL: 'm' }).model).toBeNull()
})
