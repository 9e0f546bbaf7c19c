import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from '../infrastructure/gvisor/real-sandbox.ts'
import { expectString, hostileScripts } from './sandbox-scripts.ts'

const CANARY = 'canary-5e1d-host-only'
const SOCKET = `aether-canary-${process.pid}`
const FOLDER = await mkdtemp(join(tmpdir(), 'aether-canary-'))

/** A server that counts who comes. */
async function listen(address: { port: number; host: string } | { path: string }, onVisit: () => void) {
  const server = createServer((socket) => {
    onVisit()
    socket.destroy()
  }).listen(address)
  await once(server, 'listening')
  return server
}

const visits: string[] = []
const tcp = await listen({ port: 0, host: '127.0.0.1' }, () => visits.push('tcp'))
const address = tcp.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
const SCRIPTS = hostileScripts({
  file: join(FOLDER, 'secret'),
  folder: FOLDER,
  project: process.cwd(),
  port,
  socket: SOCKET,
})

/** LLM03, LLM10: what a model writes is hostile until it is proven otherwise, and gVisor alone runs it. */
describe.skipIf(WITHOUT_SANDBOX)('the escape and exhaustion list in real gVisor', () => {
  /** Two runners side by side, each with a sandbox that waits; a script has one of the runners to itself. */
  const free: RealSandbox[] = []
  const waiting: ((real: RealSandbox) => void)[] = []
  const give = (real: RealSandbox) => (waiting.shift() ?? free.push.bind(free))(real)
  const take = async () => free.pop() ?? (await new Promise<RealSandbox>((resolve) => waiting.push(resolve)))
  const servers: Server[] = [tcp]
  beforeAll(async () => {
    process.env.AETHER_TEST_CANARY = CANARY
    await writeFile(join(FOLDER, 'secret'), CANARY)
    servers.push(await listen({ path: `\0${SOCKET}` }, () => visits.push('unix')))
    for (let lane = 0; lane < 2; lane++) {
      const real = await openRealSandbox({ poolSize: 1 })
      real.sandbox.warm()
      free.push(real)
    }
  })
  afterAll(async () => {
    delete process.env.AETHER_TEST_CANARY
    for (const server of servers) server.close()
    for (const real of free) await real.close()
    await rm(FOLDER, { recursive: true })
  })

  it('is long enough', () => {
    expect(SCRIPTS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(SCRIPTS.map(({ name }) => name)).size).toBe(SCRIPTS.length)
  })

  it.concurrent.for(SCRIPTS)('$group: $name', { timeout: 120_000 }, async (hostile, { expect }) => {
    const { script, ends, result, errorClass, artifacts = 0, limits = {} } = hostile
    const real = await take()
    try {
      const id = await real.next()
      const run = await real.run(script, { limits })
      expect(ends, `${run.exitClass} ${run.errorClass}: ${run.stderr.slice(-500)}`).toContain(run.exitClass)
      if (result === expectString) expect(run.result).toBeTypeOf('string')
      else if (result !== undefined) expect(run.result).toEqual(result)
      if (errorClass !== undefined) expect(run.errorClass).toBe(errorClass)
      expect(JSON.stringify(run)).not.toContain(CANARY)
      expect(run.artifacts ?? []).toHaveLength(artifacts)

      const next = await real.run('import os; print(os.listdir("/tmp"), os.listdir("/tmp/work"))')
      expect(next).toMatchObject({ exitClass: 'ok', stdout: "['work'] []\n", artifacts: [] })
      await vi.waitFor(async () => expect(await real.leftovers(id)).toEqual([]), { timeout: 2_000 })
      expect(visits).toEqual([])
      expect(existsSync('/tmp/aether-pickle')).toBe(false)
      expect(await readdir(FOLDER)).toEqual(['secret'])
      expect(await readFile(join(FOLDER, 'secret'), 'utf8')).toBe(CANARY)
    } finally {
      give(real)
    }
  })

  it('read: the data of another job that runs at the same time', async () => {
    const spy = [
      'import os, time, aether',
      'seen, end = set(), time.time() + 2',
      'while time.time() < end:',
      '  for folder, _, names in os.walk("/tmp"): seen.update(names)',
      '  seen.update(p for p in os.listdir("/proc") if p.isdigit())',
      '  time.sleep(0.01)',
      'aether.result(sorted(seen))',
    ].join('\n')
    const victim = 'import time; open("private.csv", "w").write("1"); time.sleep(1.5)'
    const files = [{ name: 'secret-of-the-next.csv', content: '1' }]
    const real = await take()
    const [spied] = await Promise.all([real.run(spy), real.run(victim, { files })])
    give(real)
    expect(spied?.result).toEqual(['1', '2'])
  })
})
