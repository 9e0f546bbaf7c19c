import { spawn } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { mended, mendPostgres } from '../../../infrastructure/node/mend-postgres.ts'
import { withDatabase } from '../../harness/database.ts'
import { watch } from '../../harness/program.ts'
import { tempFolder } from '../../harness/temp-folder.ts'

const database = withDatabase()
const ROOT = join(import.meta.dirname, '../../..')

/** A transaction whose backend ends in the middle, then the same pool goes on. */
const BACKEND_ENDS = `
const sql = openPool(url, { max: 1 })
const judge = openPool(url, { max: 1 })
const said = await sql.begin(async (tx) => {
  const [{ pid }] = await tx\`select pg_backend_pid() as pid\`
  await judge\`select pg_terminate_backend(\${pid})\`
  await new Promise((resolve) => setTimeout(resolve, 100))
  await tx\`select 1\`
}).catch((error) => error.code)
await new Promise((resolve) => setTimeout(resolve, 300)) // what the transaction still does has its time
const [{ one }] = await sql\`select 1 as one\`
console.log(said, one)
await sql.end()
await judge.end()
`

/** A link that is reset while a transaction waits, then the same pool goes on, with two things one after the other. */
const LINK_IS_RESET = `
const link = await startFaultProxy([Number(new URL(url).port)])
const through = new URL(url)
through.port = String(link.port)
const sql = openPool(through.href, { max: 1 })
const waiting = sql.begin(async (tx) => {
  const doze = (s) => tx\`select pg_sleep(\${s})\`
  await doze(0)
  setTimeout(() => link.cut(), 100)
  await doze(5) // a statement that is prepared by now: the rollback follows it at once
}).catch((error) => error.code)
const said = await waiting
const one = await sql.begin(async (tx) => (await tx\`select \${1}::int as one\`)[0].one)
const [{ two }] = await sql\`select \${2}::int as two\`
console.log(said, one, two)
await sql.end()
await link.close()
`

const built = (work: string) => `
import { openPool } from '${ROOT}/shared/storage/db.ts'
import { startFaultProxy } from '${ROOT}/test/harness/fault-proxy.ts'
const [url] = process.argv.slice(2)
${work}`

/** Runs it with the mended driver; what it prints. One that hangs is ended after 20 s. */
async function run(work: string, url: string): Promise<string> {
  const folder = tempFolder()
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'program.mjs')
  await build({
    stdin: { contents: built(work), resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [mendPostgres],
  })
  const program = watch(
    spawn(process.execPath, [outfile, url], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 }),
  )
  expect(await program.ended).toEqual({ code: 0, signal: null })
  return program.output()
}

test('a backend that ends in a transaction is an error of that, and the pool goes on', async () => {
  expect(await run(BACKEND_ENDS, database.url)).toMatch(/^(CONNECTION_CLOSED|57P01) 1\n$/)
})

test('a link that is reset in a transaction is an error of that, and the pool goes on', async () => {
  expect(await run(LINK_IS_RESET, database.tcpUrl)).toBe('CONNECTION_CLOSED 1 2\n')
})

test.each(['src', 'cf/src'])('the driver for %s is the one that is known', (folder) => {
  const source = readFileSync(join(ROOT, 'node_modules/postgres', folder, 'connection.js'), 'utf8')
  expect(mended(source)).toContain('if (socket === null)')
  expect(() => mended(mended(source).replace('function nextWrite', 'function otherwise'))).toThrow(
    'has changed',
  )
})
