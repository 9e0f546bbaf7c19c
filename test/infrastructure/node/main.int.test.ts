import { execFileSync, spawn } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEmbeddedPostgres } from '../../../infrastructure/node/postgres/embedded.ts'
import { isPostgresOf, readPidFile } from '../../../infrastructure/node/postgres/pid-file.ts'
import { until } from '../../../infrastructure/node/postgres/server-process.ts'
import { openPool } from '../../../shared/storage/db.ts'
import { type Installation, install } from '../../harness/installation.ts'
import { watch } from '../../harness/program.ts'

const cluster = (place: Installation) => join(place.dataDir, 'postgres')
const postgresPid = (place: Installation) => readPidFile(cluster(place))?.pid ?? null

async function ask(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  await response.text()
  return response.status
}

describe('start', () => {
  test('says what it runs on, and prints a request that works when it is pasted', async () => {
    const place = await install()
    const { url, output } = await place.start()
    const key = place.variable('API_KEY')
    expect(output()).toMatch(/^Aether \d+\.\d+\.\d+ is ready at /)
    for (const line of [
      /^ {2}home .*simulated/m,
      /^ {2}model .*offline/m,
      /^ {2}database .*embedded Postgres 18/m,
    ])
      expect(output()).toMatch(line)
    expect(output()).toMatch(/^ {2}sandbox {3}unavailable: /m)
    expect(output()).toContain('HOST=0.0.0.0')
    expect(statSync(join(place.root, '.env')).mode & 0o777).toBe(0o600)

    const curl = output().slice(output().indexOf('curl '), output().indexOf('\n\nOnly this machine'))
    expect(curl).toContain(key)
    const answer = execFileSync('bash', ['-c', curl], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(answer).toMatch(/^data: \{/)
    expect(answer).toMatch(/data: \[DONE\]\s*$/)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    expect(await ask(url, 'not-the-key-at-all')).toBe(401)
  })

  test('says so too under the watcher of make dev, which holds a channel to it', async () => {
    const place = await install()
    const child = spawn(process.execPath, ['--watch', join(place.root, 'dist/main.mjs')], {
      cwd: '/',
      env: { PATH: process.env.PATH, HOME: place.root, PORT: '0', RUNSC_PATH: '/nowhere/runsc' },
    })
    const { output, ended } = watch(child)
    onTestFinished(() => void child.kill('SIGKILL'))
    await until(() => output().includes('Ctrl-C stops it.'), 30_000)
    expect(output()).toMatch(/^Aether \d+\.\d+\.\d+ is ready at /m)
    child.kill('SIGTERM')
    await ended
    expect(postgresPid(place)).toBeNull()
  })

  test('no log line holds a secret', async () => {
    const place = await install()
    const { url, output } = await place.start({ LOG_LEVEL: 'debug' })
    const key = place.variable('API_KEY')
    await ask(`${url}/${key}`, key)
    await ask(url, key)
    const [, ...lines] = output().split('Ctrl-C stops it.')
    expect(lines.join()).toContain('"status":')
    expect(lines.join()).not.toContain(key)
    expect(output()).not.toContain(place.variable('SERVICE_SECRET'))
  })

  test('every fault of the configuration is listed at once, and nothing is begun', async () => {
    const place = await install()
    const program = place.run('main', [], {
      PORT: 'hunter2',
      HOME_TIME_ZONE: 'hunter2',
      DATABASE_URL: 'hunter2',
    })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output().trim().split('\n').toSorted()).toEqual([
      'DATABASE_URL must be a URL that begins with postgres://.',
      'HOME_TIME_ZONE must be an IANA time zone such as Europe/Berlin.',
      'PORT must be a whole number from 0 to 65535.',
    ])
    expect(existsSync(place.dataDir)).toBe(false)
  })

  test('a meter file that is damaged is one line with its place', async () => {
    const place = await install()
    const rows = Array.from({ length: 1_300 }, (_, i) => {
      const start = new Date(Date.UTC(2026, 0, 1, i)).toISOString()
      return `${start},${i === 1_232 ? 'oops' : '0.5'}`
    })
    writeFileSync(join(place.root, 'meter.csv'), `start,grid_import_kwh\n${rows.join('\n')}\n`)
    const program = place.run('main', [], { HOME_DATA: 'meter.csv' })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output()).toMatch(/^HOME_DATA: [^\n]*meter\.csv[^\n]*line 1,?234[^\n]*\n$/)
  })

  test('a taken port is one line', async () => {
    const place = await install()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const program = place.run('main', [], { PORT: port })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output()).toBe(
      `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or choose another with PORT.\n`,
    )
    expect(existsSync(place.dataDir)).toBe(false)
  })

  test('a database that does not answer is one line without its password', async () => {
    const place = await install()
    const program = place.run('main', [], { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/d' })
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output()).toBe(
      'DATABASE_URL: the database does not answer (ECONNREFUSED). Check the address, and that it runs.\n',
    )
  })

  test('a second one on the same folder is refused, and the first goes on', async () => {
    const place = await install()
    const { url } = await place.start()
    const second = place.run('main')
    expect(await second.ended).toEqual({ code: 1, signal: null })
    expect(second.output()).toMatch(/^Another Aether is running on the data folder [^\n]*\n$/)
    expect(await ask(url, place.variable('API_KEY'))).toBe(200)
  })

  test('of two that start at once one wins, with one set of secrets', async () => {
    const place = await install()
    const both = [place.run('main'), place.run('main')]
    const loser = await Promise.race(both.map((program) => program.ended.then(() => program)))
    expect(loser.output()).toMatch(/^Another Aether is running/)
    const winner = both.find((program) => program !== loser)
    expect(winner?.child.exitCode).toBeNull()
    expect(winner?.output()).toContain(place.variable('API_KEY'))
  })
})

describe('end', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    test(`${signal} ends it in good order and leaves no process behind`, async () => {
      const place = await install()
      const program = await place.start()
      const pid = postgresPid(place)
      program.child.kill(signal)
      expect(await program.ended).toEqual({ code: 0, signal: null })
      expect(pid !== null && isPostgresOf(cluster(place), pid)).toBe(false)
      await expect(fetch(program.url)).rejects.toThrow()
    })

  test('the same signal twice at the same time, as make sends it, is one', async () => {
    const place = await install()
    const program = await place.start()
    program.child.kill('SIGTERM')
    program.child.kill('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(postgresPid(place)).toBeNull()
  })

  test('a signal during the start ends it as soon as it is up', async () => {
    const place = await install()
    const program = place.run('main')
    while (!existsSync(join(place.root, '.env'))) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 50))
    program.child.kill('SIGINT')
    await program.ended
    expect(postgresPid(place)).toBeNull()
  })

  test('after kill -9 the next start takes over the database that was left running', async () => {
    const place = await install()
    const first = await place.start()
    const key = place.variable('API_KEY')
    const pid = postgresPid(place)
    first.child.kill('SIGKILL')
    await first.ended
    expect(pid !== null && isPostgresOf(cluster(place), pid)).toBe(true)
    const second = await place.start()
    expect(second.output()).toContain('which was still running')
    expect(postgresPid(place)).toBe(pid)
    expect(await ask(second.url, key)).toBe(200)
    second.child.kill('SIGINT')
    await second.ended
    expect(postgresPid(place)).toBeNull()
  })
})

describe('keys', () => {
  test('are made and ended while the server runs, within a second', async () => {
    const place = await install()
    const { url } = await place.start()
    const made = place.run('keys', ['create', '--name=phone', '--scopes=read'])
    expect(await made.ended).toEqual({ code: 0, signal: null })
    const key = made.output().trim()
    expect(await ask(url, key)).toBe(200)
    const again = place.run('keys', ['create', '--name=phone'])
    expect(await again.ended).toEqual({ code: 1, signal: null })
    expect(again.output()).toMatch(/^There is a key of that name already[^\n]*\n$/)
    const revoked = place.run('keys', ['revoke', '--name=phone'])
    expect(await revoked.ended).toEqual({ code: 0, signal: null })
    await expect.poll(() => ask(url, key), { timeout: 5_000 }).toBe(401)
    expect(await ask(url, place.variable('API_KEY'))).toBe(200)
  })

  test('are made while nothing runs, and then nothing runs either', async () => {
    const place = await install()
    const made = place.run('keys', ['create', '--name=phone'])
    expect(await made.ended).toEqual({ code: 0, signal: null })
    expect(postgresPid(place)).toBeNull()
    const { url } = await place.start()
    expect(await ask(url, made.output().trim())).toBe(200)
  })

  test('wrong words are answered with how to use it', async () => {
    const place = await install()
    for (const args of [
      [],
      ['create'],
      ['drop', '--name=x'],
      ['create', '--name=API_KEY'],
      ['create', '--other=1'],
    ]) {
      const program = place.run('keys', args)
      expect(await program.ended).toEqual({ code: 1, signal: null })
      expect(program.output()).toMatch(/^(Usage: make key|That key is API_KEY)[^\n]*\n$/)
    }
    const scopes = place.run('keys', ['create', '--name=x', '--scopes=root'])
    await scopes.ended
    expect(scopes.output()).toBe('SCOPES is a comma list of chat, read, * (* is all).\n')
  })
})

describe('other programs', () => {
  test('a service alone answers at its address', async () => {
    const place = await install()
    const program = place.run('service', [], { AETHER_SERVICE: 'ds_analysts' })
    await expect.poll(() => program.output(), { timeout: 20_000 }).toMatch(/ds_analysts is ready at http/)
    const url = / at (http:\/\/[\d.:]+)\./.exec(program.output())?.[1]
    const card = await fetch(`${url}/.well-known/agent-card.json`)
    expect(card.status).toBe(200)
    expect(existsSync(place.dataDir)).toBe(false)
    program.child.kill('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, signal: null })
  })

  test('without a name there is no service to start', async () => {
    const place = await install()
    const program = place.run('service')
    expect(await program.ended).toEqual({ code: 1, signal: null })
    expect(program.output()).toMatch(/^AETHER_SERVICE must name the service to start: one of gateway, /)
  })

  test('down ends what a killed server left behind', async () => {
    const place = await install()
    const first = await place.start()
    const busy = place.run('down')
    await busy.ended
    expect(busy.output()).toMatch(/is in use/)
    first.child.kill('SIGKILL')
    await first.ended
    const down = place.run('down')
    await down.ended
    expect(down.output()).toMatch(/has ended/)
    expect(postgresPid(place)).toBeNull()
  })
})

describe('a database of another time', () => {
  test('a schema of a newer Aether is one line on what to do, and stays as it is', async () => {
    const place = await install()
    const first = await place.start()
    first.child.kill('SIGTERM')
    await first.ended
    const server = await startEmbeddedPostgres({ dataDir: place.dataDir, exclusive: false })
    const pool = openPool(server.url, { max: 1 })
    await pool`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 4e12)`
    await pool.end()
    await server.stop()
    const again = place.run('main')
    expect((await again.ended).code).toBe(1)
    expect(again.output()).toBe(
      'The database was made by a newer version of Aether. Start that version, or use another DATA_DIR or DATABASE_URL.\n',
    )
    expect(postgresPid(place)).toBeNull()
  })

  test('a cluster of another Postgres is one line on what to do', async () => {
    const place = await install()
    const first = await place.start()
    first.child.kill('SIGTERM')
    await first.ended
    writeFileSync(join(cluster(place), 'PG_VERSION'), '17\n')
    const again = place.run('main')
    expect((await again.ended).code).toBe(1)
    expect(again.output()).toMatch(
      /^\S+ holds data of Postgres 17, and this Aether brings 18\. Back it up .*\n$/,
    )
  })
})
