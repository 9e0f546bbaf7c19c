import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { setupRunsc } from '../../../infrastructure/setup/runsc.mjs'

/** A program that answers `--version` as runsc does, of some size; it can do nothing else. */
const PROGRAM = Buffer.from(
  `#!/bin/sh\necho "runsc version release-20240729.0"\nexit 0\n${'#'.repeat(200_000)}\n`,
)
const ARCH = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
const sha512 = (data: Buffer) => createHash('sha512').update(data).digest('hex')

let folder: string
const said: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aether-test-'))
  said.length = 0
})
afterEach(() => rm(folder, { recursive: true }))

interface Releases {
  readonly base: string
  readonly asked: string[]
}

/** Releases on loopback, with parts of files where asked for. `breakAfter` cuts the first so many answers in the middle. */
async function releases(options: {
  checksum?: string
  cuts?: number
  parts?: boolean
  status?: number
  program?: Buffer
}): Promise<Releases> {
  const { checksum = `${sha512(PROGRAM)}  runsc\n`, parts = true, status = 200, program = PROGRAM } = options
  let cuts = options.cuts ?? 0
  const asked: string[] = []
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim())
    if (request.url === `/20240729/${ARCH}/runsc.sha512`) return response.writeHead(status).end(checksum)
    if (request.url !== `/20240729/${ARCH}/runsc`) return response.writeHead(404).end()
    const from = parts ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
    if (from >= program.length) return response.writeHead(416).end()
    response.writeHead(from > 0 ? 206 : 200)
    const rest = program.subarray(from)
    if (cuts-- <= 0) return response.end(rest)
    return response.write(rest.subarray(0, 70_000), () => setTimeout(() => response.destroy(), 50))
  }
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { base: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, asked }
}

/** Runs the setup of a machine that is not Debian's. */
async function setUp(base: string) {
  const etc = join(folder, 'etc')
  const work = await mkdtemp(join(folder, 'work-'))
  await mkdir(etc, { recursive: true })
  await writeFile(join(etc, 'os-release'), 'ID=fedora\nPRETTY_NAME="Test"\n')
  const say = (line: string) => said.push(line)
  const env = { XDG_CACHE_HOME: join(folder, 'cache') }
  return setupRunsc(env, { work, say, etc, release: { base, version: '20240729' } })
}
const cache = () => join(folder, 'cache/aether')

describe('setupRunsc where there are no packages of Debian', () => {
  it('takes the release whose checksum is right, says so, and finds it there without the server', async () => {
    const { base, asked } = await releases({})
    expect(await setUp(base)).toEqual({ version: 'release-20240729.0' })
    expect(said).toEqual([
      expect.stringContaining('neither Debian nor Ubuntu'),
      "runsc release-20240729.0 fetched from gVisor's release 20240729, its checksum is right",
    ])
    const path = join(cache(), 'runsc/release-20240729/runsc')
    expect(await readFile(path)).toEqual(PROGRAM)
    expect((await stat(path)).mode & 0o777).toBe(0o755)
    expect(await readdir(cache())).not.toContain('downloads')
    const before = asked.length
    expect(await setUp(base)).toMatchObject({ version: 'release-20240729.0' })
    expect(asked).toHaveLength(before)
  })

  it('goes on from where the connection broke', async () => {
    const { base, asked } = await releases({ cuts: 2 })
    expect(await setUp(base)).toEqual({ version: 'release-20240729.0' })
    expect(asked.slice(2)).toEqual([
      `/20240729/${ARCH}/runsc bytes=70000-`,
      `/20240729/${ARCH}/runsc bytes=140000-`,
    ])
  })

  it('goes on in a later run, too', async () => {
    const { base, asked } = await releases({
      cuts: 3,
      program: Buffer.concat([PROGRAM, Buffer.alloc(90_000)]),
    })
    expect(await setUp(base)).toHaveProperty('reason', expect.stringContaining('cannot be fetched'))
    expect((await readdir(join(cache(), 'downloads'))).join()).toMatch(/^runsc-20240729-.*\.part$/)
    asked.length = 0
    await setUp(base)
    expect(asked.at(-1)).toBe(`/20240729/${ARCH}/runsc bytes=210000-`)
  })

  it('begins anew where the server gives no parts', async () => {
    const { base } = await releases({ cuts: 1, parts: false })
    expect(await setUp(base)).toEqual({ version: 'release-20240729.0' })
  })

  it.each([
    ['another checksum', { checksum: `${'0'.repeat(128)}  runsc\n` }, /does not have the checksum/],
    ['no checksum', { checksum: '<html>' }, /its checksum is not one/],
    ['a checksum of another file', { checksum: `${sha512(PROGRAM)}  shim\n` }, /its checksum is not one/],
    ['no such release', { status: 404 }, /status 404/],
  ])('takes nothing with %s, says why, and keeps nothing of it', async (_, options, reason) => {
    const { base } = await releases(options)
    const got = await setUp(base)
    expect(got).toHaveProperty('reason', expect.stringMatching(reason))
    expect(got).toHaveProperty('reason', expect.stringContaining('RUNSC_PATH'))
    expect(await readdir(join(cache(), 'downloads'))).toEqual([])
    expect(await readdir(cache())).not.toContain('runsc')
  })

  it('says so where nothing answers', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const address = gone.address()
    await new Promise((resolve) => gone.close(resolve))
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await setUp(`http://127.0.0.1:${port}`)).toHaveProperty(
      'reason',
      expect.stringMatching(/cannot be fetched: .*ECONNREFUSED/),
    )
  })
})
