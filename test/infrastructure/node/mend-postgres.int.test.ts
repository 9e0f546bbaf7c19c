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
const PROGRAM = `
import { openPool } from '${ROOT}/shared/storage/db.ts'
const [url] = process.argv.slice(2)
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

test('a backend that ends in a transaction is an error of that, and the pool goes on', async () => {
  const folder = tempFolder()
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'program.mjs')
  await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    plugins: [mendPostgres],
  })
  const program = watch(
    spawn(process.execPath, [outfile, database.url], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  expect(await program.ended).toEqual({ code: 0, signal: null })
  expect(program.output()).toMatch(/^(CONNECTION_CLOSED|57P01) 1\n$/)
})

test.each(['src', 'cf/src'])('the driver for %s is the one that is known', (folder) => {
  const source = readFileSync(join(ROOT, 'node_modules/postgres', folder, 'connection.js'), 'utf8')
  expect(mended(source)).toContain('if (socket === null)')
  expect(() => mended(mended(source).replace('function nextWrite', 'function otherwise'))).toThrow(
    'has changed',
  )
})
