import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { CONTAINERS, IMAGES, NETWORKS, publishedOf } from '../../../infrastructure/podman/stack.ts'

const FOLDER = join(import.meta.dirname, '../../../infrastructure/podman')

interface Service {
  readonly image: string
  readonly container_name: string
  readonly networks: readonly string[]
  readonly ports?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly env_file?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
  readonly pids_limit?: number
  readonly healthcheck?: { readonly test: readonly string[]; readonly retries: number }
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly name: string; readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, { readonly name: string }>>
}

const text = (file: string) => readFileSync(join(FOLDER, file), 'utf8')
const read = (file: string): Compose =>
  parse(text(file), { merge: true, customTags: [{ tag: '!override', collection: 'seq' }] })
const base = read('compose.yaml')
const distributed = read('compose.distributed.yaml')
const all = { ...distributed.services, ...base.services }
const ours = Object.entries(all).filter(([, { image }]) => image.startsWith('aether-'))

test('every container, image and network is called as the programs expect', () => {
  const names = Object.values(all).map((one) => one.container_name)
  expect(names.toSorted()).toEqual([...CONTAINERS].toSorted())
  const images = ours.map(([, one]) => one.image)
  expect(images.toSorted()).toEqual(IMAGES.map(({ name }) => `${name}:latest`).toSorted())
  expect(Object.values(base.networks).map(({ name }) => name)).toEqual([...NETWORKS])
  expect(Object.values(base.volumes).map(({ name }) => name)).toEqual([
    'aether-postgres-data',
    'aether-mlflow-data',
  ])
})

describe.each(ours)('%s', (name, service) => {
  test('can write nothing but /tmp, holds no capability that it does not need, and has limits', () => {
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.cap_add ?? []).toEqual(name === 'sandbox' ? ['SYS_CHROOT'] : [])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.mem_limit).toBeDefined()
    expect(service.pids_limit).toBeGreaterThan(0)
  })

  test('is watched by one line of shell, with retries', () => {
    expect(service.healthcheck?.test[0]).toBe('CMD-SHELL')
    expect(service.healthcheck?.retries).toBeGreaterThan(0)
  })
})

test('the sandbox is on its own network with its caller alone, and published nowhere', () => {
  expect(base.networks['sandbox-network']).toEqual({ name: 'aether-sandbox-network', internal: true })
  expect(all.sandbox?.networks).toEqual(['sandbox-network'])
  expect(all.sandbox?.ports).toBeUndefined()
  const callers = (services: Compose['services']) =>
    Object.entries(services).flatMap(([name, { networks }]) =>
      name !== 'sandbox' && networks.includes('sandbox-network') ? [name] : [],
    )
  expect(callers(base.services)).toEqual(['app'])
  expect(callers(distributed.services)).toEqual(['ds-analysts'])
  expect(text('compose.distributed.yaml')).toContain('networks: !override [aether-network]')
})

test('the sandbox holds no secret but the one of its tokens, and the agents no API key', () => {
  expect(all.sandbox?.env_file).toBeUndefined()
  expect(Object.keys(all.sandbox?.environment ?? {}).toSorted()).toEqual(['HOST', 'PORT', 'SERVICE_SECRET'])
  for (const name of ['architect', 'ds-orchestrator', 'ds-analysts'])
    expect(all[name]?.environment?.API_KEY).toBe('')
})

test('no secret stands in a file', () => {
  const passwords = `${text('compose.yaml')}${text('compose.distributed.yaml')}`.match(
    /(PASSWORD|SECRET|API_KEY): .*|\/\/aether:.*@/g,
  )
  for (const line of passwords ?? []) expect(line).toMatch(/\$\{\w+:-\}|: ""$/)
})

test('only the gateway can be opened to others, and Postgres is published nowhere', () => {
  const ports = Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.ports ?? []]))
  expect(ports.app).toEqual([expect.stringMatching(/^\$\{HOST:-127\.0\.0\.1\}:8000:8000$/)])
  expect(ports.postgres).toEqual([])
  for (const [name, published] of Object.entries(ports))
    if (name !== 'app') for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
  expect(publishedOf('distributed').map(({ url }) => new URL(url).port)).toEqual([
    '8000',
    '8001',
    '8002',
    '8003',
  ])
})

test('what the two files must both say, since one cannot read the anchors of the other, is the same in both', () => {
  const of = (file: string) =>
    parse(text(file), { merge: true, customTags: [{ tag: '!override', collection: 'seq' }] })
  const [one, two] = [of('compose.yaml'), of('compose.distributed.yaml')]
  expect(two['x-home']).toEqual(one['x-home'])
  expect(two['x-home-files']).toEqual(one['x-home-files'])
  expect(two.services.architect.healthcheck).toEqual(one.services.app.healthcheck)
  expect(two['x-agent']).toMatchObject(one['x-agent-limits'])
})
