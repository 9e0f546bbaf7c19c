import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../../../infrastructure/node/postgres/pid-file.ts'
import { until } from '../../../infrastructure/node/postgres/server-process.ts'
import { freePorts } from '../../harness/free-ports.ts'
import { install } from '../../harness/installation.ts'
import { type SeparateDeployment, startSeparate } from '../../harness/separate-processes.ts'

const SERVICES = ['gateway', 'architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner']
const READY_MS = 60_000

interface WireCard {
  readonly supportedInterfaces: readonly { readonly url: string }[]
  readonly skills: readonly unknown[]
  readonly securitySchemes: { readonly bearer: { readonly httpAuthSecurityScheme: unknown } }
}
interface WireStatus {
  readonly dependencies: readonly { readonly name: string; readonly next: string | null }[]
}

describe('services as plain processes', () => {
  let team: SeparateDeployment
  beforeAll(async () => {
    team = await startSeparate({ sandbox: false })
  })
  afterAll(async () => {
    await team.stop()
  })
  const address = (service: string) => `http://127.0.0.1:${team.port + SERVICES.indexOf(service)}`

  test('each is a process of its own at the port behind the one before', async () => {
    expect([...team.pids.keys()]).toEqual(SERVICES)
    expect(new Set(team.pids.values()).size).toBe(SERVICES.length)
    for (const service of SERVICES) {
      expect(team.program.output()).toMatch(new RegExp(`^ {2}${service} +${address(service)} `, 'm'))
      expect((await fetch(`${address(service)}/health`)).status).toBe(200)
    }
    expect(team.program.output()).toMatch(/^ {2}sandbox_runner .* no sandbox: /m)
    expect(team.program.output()).toContain(`curl -N -X POST ${team.url}/api/v1/chat/completions`)
  })

  test.each(['architect', 'ds_orchestrator', 'ds_analysts'])('the card of %s is true', async (service) => {
    const response = await fetch(`${address(service)}/.well-known/agent-card.json`)
    const card = (await response.json()) as WireCard
    // The last one is for callers of 0.3; paths are put behind the address of HTTP+JSON.
    expect(card.supportedInterfaces.map((one) => one.url)).toEqual([
      `${address(service)}/`,
      address(service),
      `${address(service)}/`,
    ])
    expect(card.skills.length).toBeGreaterThan(0)
    expect(card.securitySchemes.bearer.httpAuthSecurityScheme).toMatchObject({ scheme: 'Bearer' })
    const again = await fetch(`${address(service)}/.well-known/agent-card.json`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  test('one that is killed leaves the others up, is named, and is missed within two seconds', async () => {
    process.kill(team.pids.get('architect') ?? 0, 'SIGKILL')
    await expect
      .poll(() => team.program.output(), { timeout: 5_000 })
      .toMatch(/^architect has ended \(SIGKILL/m)
    for (const service of SERVICES.filter((one) => one !== 'architect'))
      expect((await fetch(`${address(service)}/health`)).status).toBe(200)

    const begun = performance.now()
    const response = await team.fetch('/api/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    })
    const answer = await response.text()
    expect(performance.now() - begun).toBeLessThan(2_000) // a bound that is promised
    expect(answer).toContain('"code":"agent_unavailable"')
    expect(answer).toMatch(/data: \[DONE\]\s*$/)

    const find = async () => {
      const status = (await (await team.fetch('/api/v1/status')).json()) as WireStatus
      return status.dependencies.find((one) => one.name === 'architect')
    }
    await expect.poll(find, { timeout: 10_000 }).toMatchObject({ kind: 'agent', state: 'down' })
    expect((await find())?.next).toMatch(/.+/)
    await expect.poll(async () => (await fetch(`${team.url}/ready`)).status, { timeout: 10_000 }).toBe(503)
  })
})

describe('its end', () => {
  test('Ctrl-C ends every process and the database', async () => {
    const place = await install()
    const port = await freePorts(SERVICES.length)
    const program = place.run('run-local', [], { PORT: String(port) })
    await until(() => program.output().includes('Ctrl-C stops them all.'), READY_MS)
    const pids = [...program.output().matchAll(/^ {2}\w+ +http:\S+ +(\d+) /gm)].map((row) => Number(row[1]))
    expect(pids).toHaveLength(SERVICES.length)
    program.child.kill('SIGINT')
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(pids.filter(isAlive)).toEqual([])
    const down = place.run('down')
    await down.ended
    expect(down.output()).toBe('No database is left running.\n')
  })

  test('a signal during the start ends it, and leaves nothing behind', async () => {
    const place = await install()
    const port = await freePorts(SERVICES.length)
    const program = place.run('run-local', [], { PORT: String(port) })
    await until(() => existsSync(place.dataDir), READY_MS)
    await sleep(500) // somewhere between Postgres and the services
    program.child.kill('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, signal: null })
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
  })

  test('services whose parent was killed end by themselves', async () => {
    const place = await install()
    const port = await freePorts(SERVICES.length)
    const program = place.run('run-local', [], { PORT: String(port) })
    await until(() => program.output().includes('Ctrl-C stops them all.'), READY_MS)
    const pids = [...program.output().matchAll(/^ {2}\w+ +http:\S+ +(\d+) /gm)].map((row) => Number(row[1]))
    program.child.kill('SIGKILL')
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([])
  })
})

describe('faults of its start', () => {
  test('every fault of the configuration is listed at once', async () => {
    const place = await install()
    const program = place.run('run-local', [], { PORT: 'x', HOME_TIME_ZONE: 'x', SANDBOX_URL: 'x' })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    const names = program
      .output()
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0])
    expect(names.toSorted()).toEqual(['HOME_TIME_ZONE', 'PORT', 'SANDBOX_URL'])
  })

  test('taken ports are named with their services, before anything is begun', async () => {
    const place = await install()
    const port = await freePorts(SERVICES.length)
    const others = [1, 3].map((offset) => createServer().listen(port + offset, '127.0.0.1'))
    onTestFinished(() => {
      for (const other of others) other.close()
    })
    const program = place.run('run-local', [], { PORT: String(port) })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output().trim().split('\n')).toEqual([
      `Port ${port + 1} on 127.0.0.1 (architect) is taken.`,
      `Port ${port + 3} on 127.0.0.1 (ds_analysts) is taken.`,
      'Stop what listens there, or choose another first port with PORT.',
    ])
  })

  test('a service that cannot start is one line, and nothing stays', async () => {
    const place = await install()
    const port = await freePorts(SERVICES.length)
    const program = place.run('run-local', [], {
      PORT: String(port),
      LLM_BASE_URL: 'http://127.0.0.1:1/v1', // answers no list of models, and none is named
    })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    const lines = program
      .output()
      .split('\n')
      .filter((line) => !line.startsWith('{'))
    expect(lines.join('\n')).toMatch(/^\w+ does not start\. LLM_MODEL must be set: [^\n]*\n$/)
    const down = place.run('down')
    await down.ended
    expect(down.output()).toBe('No database is left running.\n')
  })
})
