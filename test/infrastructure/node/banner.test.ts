import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { type BannerFacts, banner, serviceBanner } from '../../../infrastructure/node/banner.ts'
import { toConfig } from '../../../infrastructure/node/config.ts'
import { aHome } from '../../fakes/records.ts'

function facts(env: Record<string, string> = {}, over: Partial<BannerFacts> = {}): BannerFacts {
  return {
    config: toConfig(
      { API_KEY: 'a-key-of-16-chars', SERVICE_SECRET: 'a-secret-of-16-chars', ...env },
      '/clone',
    ),
    version: '1.2.3',
    url: 'http://127.0.0.1:8000',
    home: aHome(),
    homeTrouble: null,
    model: { name: 'aether-offline', offline: true },
    database: 'embedded Postgres 18.4.0 in /clone/data',
    sandbox: { reason: 'no runsc' },
    ...over,
  }
}

/** The words that a shell makes of the printed request. */
function words(text: string): string[] {
  const command = text.slice(text.indexOf('curl '), text.indexOf('\n\n', text.indexOf('curl ')))
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

test('the printed request is the one of the guide, with the key in it', () => {
  const printed = words(banner(facts()))
  expect(printed).toContain('http://127.0.0.1:8000/api/v1/chat/completions')
  expect(printed).toContain('X-API-Key: a-key-of-16-chars')
  expect(JSON.parse(printed.at(-1) ?? '')).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Analyze my energy usage' }],
    stream: true,
    agent: 'auto',
  })
})

test('a key with characters of the shell arrives as it is', () => {
  const key = `it's "$HOME" \`x\` \\ !1 #`
  expect(words(banner(facts({ API_KEY: key })))).toContain(`X-API-Key: ${key}`)
})

test('it says what is simulated, offline, or missing, and what to do about it', () => {
  const text = banner(facts({}, { home: aHome({ source: 'demo', name: 'Demo home' }) }))
  expect(text).toMatch(/home .*Demo home: simulated.*HOME_DATA/)
  expect(text).toMatch(/model .*offline.*LLM_BASE_URL/)
  expect(text).toMatch(/sandbox .*unavailable: no runsc/)
  expect(text).toMatch(/Only this machine reaches it\. HOST=0\.0\.0\.0 make run/)
})

test('it names what is real', () => {
  const found = {
    runscPath: '/r',
    runscVersion: '20240729.0',
    pythonRoot: '/p',
    pythonVersion: '3.11.7',
    packages: {},
  }
  const env = { HOST: '0.0.0.0', LLM_BASE_URL: 'https://models.example/v1', LLM_API_KEY: 'sk-hidden' }
  const text = banner(facts(env, { model: { name: 'llama3', offline: false }, sandbox: found }))
  expect(text).toMatch(/home .*Test home: 2025-09-30 to 2026-11-24, in Europe\/Berlin, EUR/)
  expect(text).toContain('llama3 at models.example')
  expect(text).toContain('gVisor runsc 20240729.0, Python 3.11.7')
  expect(text).toMatch(/listens on 0\.0\.0\.0/)
  expect(text).not.toContain('sk-hidden')
})

test('a Home Assistant is named, or why it cannot be read', () => {
  const home = aHome({ source: 'home_assistant' })
  expect(banner(facts({}, { home }))).toMatch(/home .*Test home: Home Assistant, read only, 2025-09-30/)
  const homeTrouble = 'Home Assistant refuses the token in HA_TOKEN. Make a new one.'
  expect(banner(facts({}, { home: null, homeTrouble }))).toContain(`home      ${homeTrouble}`)
  expect(banner(facts({ HA_EXPOSE: 'assist' }))).toMatch(/exposure .*HA_EXPOSE/)
})

test('a service alone says its name and address', () => {
  expect(serviceBanner(facts({ AETHER_SERVICE: 'architect' }))).toBe(
    'Aether 1.2.3: architect is ready at http://127.0.0.1:8000. Ctrl-C stops it.',
  )
})
