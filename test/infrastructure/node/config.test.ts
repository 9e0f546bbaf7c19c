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

test('a Home Assistant wants address and token, is one home of one, and its token never shows', () => {
  const HA = { HA_URL: 'http://ha:8123/', HA_TOKEN: 'hunter2' }
  const { home } = config({ ...HA, HA_CA_FILE: 'ca.pem', HA_EXPOSE: 'assist, kind:light' })
  expect(home.assistant).toMatchObject({ url: 'http://ha:8123', caFile: '/clone/ca.pem' })
  expect(home.assistant && reveal(home.assistant.token)).toBe('hunter2')
  expect(JSON.stringify(home)).not.toContain('hunter2')
  expect(home.expose).toEqual(['assist', 'kind:light'])
  expect(config()).toMatchObject({ home: { assistant: null, expose: null } })
  expect(() => config({ HA_URL: HA.HA_URL })).toThrow(/^HA_TOKEN must be set when HA_URL is/)
  expect(() => config({ HA_TOKEN: HA.HA_TOKEN })).toThrow('HA_URL must be set when HA_TOKEN is.')
  expect(() => config({ ...HA, HOME_DATA: 'meter.csv' })).toThrow(/name two homes/)
  expect(() => config({ ...HA, HA_URL: 'ha:8123' })).toThrow(/HA_URL must be a URL/)
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

test('proxies are for those who say that there are some, as Node itself wants it', () => {
  expect(config({ NODE_USE_ENV_PROXY: '1' }).envProxy).toBe(true)
  expect(config({}).envProxy).toBe(false)
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
