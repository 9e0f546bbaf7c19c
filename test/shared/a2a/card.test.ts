import { AgentCard } from '@a2a-js/sdk'
import { expect, test } from 'vitest'
import { type CardInfo, createCard } from '../../../shared/a2a/card.ts'
import { documentOf } from '../../../shared/a2a/card-document.ts'
import { result, scriptedAgent } from './scripted-agent.ts'

const INFO: CardInfo = {
  service: 'architect',
  name: 'Architect',
  description: 'Answers questions about the home.',
  version: '0.1.0',
  url: 'https://home.example/agents/architect/',
  skills: [{ id: 'ask', name: 'Ask', description: 'Answers.', tags: ['home'], examples: ['How much?'] }],
}

test('the JSON is what other SDKs read', () => {
  const json = JSON.parse(documentOf(createCard(INFO)).hybrid().json)
  expect(json).toMatchObject({
    name: 'Architect',
    version: '0.1.0',
    supportedInterfaces: [
      { url: 'https://home.example/agents/architect', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: 'https://home.example/agents/architect', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: 'https://home.example/agents/architect', protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
    ],
    capabilities: { streaming: true },
    // What callers of 0.3 read.
    url: 'https://home.example/agents/architect',
    preferredTransport: 'JSONRPC',
    protocolVersion: '0.3.0',
    security: [{ bearer: [] }],
    securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } } },
    defaultInputModes: ['text/plain', 'application/json'],
    skills: [{ id: 'ask', name: 'Ask', description: 'Answers.', tags: ['home'], examples: ['How much?'] }],
  })
  expect(JSON.stringify(json)).not.toContain('$case')
  expect(json.securityRequirements).toHaveLength(1)
  expect(AgentCard.fromJSON(json).name).toBe('Architect')
})

test.each<[string, Partial<CardInfo>]>([
  ['an empty description', { description: ' ' }],
  ['no skill', { skills: [] }],
  ['a skill without tags', { skills: [{ id: 'a', name: 'a', description: 'a', tags: [] }] }],
  ['a relative URL', { url: '/a2a' }],
])('%s is refused at start', (_name, given) => {
  expect(() => createCard({ ...INFO, ...given })).toThrow(TypeError)
})

test('the card is served to anybody, and not sent again to who has it', async () => {
  const { app } = scriptedAgent(async function* () {
    yield result('x')
  })
  const path = '/.well-known/agent-card.json'
  const first = await app.request(path)
  expect(first.status).toBe(200)
  expect(first.headers.get('content-type')).toContain('application/json')
  expect(first.headers.get('cache-control')).toBe('public, max-age=3600')
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]+"$/)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await app.request(path, { headers: { 'if-none-match': known } })
    expect(again.status).toBe(304)
    expect(again.headers.get('etag')).toBe(etag)
    expect(await again.text()).toBe('')
  }
  expect((await app.request(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
})

test('a card at an origin: JSON-RPC is called at the origin itself, HTTP+JSON has paths put behind it', () => {
  const urls = (url: string) => createCard({ ...INFO, url }).supportedInterfaces.map((each) => each.url)
  for (const url of ['https://home.example/', 'https://home.example'])
    expect(urls(url)).toEqual(['https://home.example/', 'https://home.example', 'https://home.example/'])
  expect(new Set(urls('https://home.example/a2a/'))).toEqual(new Set(['https://home.example/a2a']))
})

test('another card has another tag', () => {
  const etag = (given = {}) => documentOf(createCard({ ...INFO, ...given })).hybrid().etag
  expect(etag()).toBe(etag())
  expect(etag({ version: '0.1.1' })).not.toBe(etag())
})
