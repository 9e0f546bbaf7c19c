import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sourcesUnder } from '../check/imports.ts'

// `make wrangler-check`: wrangler reads each worker's file, bundles it and says what it would upload. Nothing is sent.
const root = join(import.meta.dirname, '../..')
const wrangler = join(import.meta.dirname, 'node_modules/wrangler/bin/wrangler.js')
const MOST_MS = 120_000

const files = [
  'wrangler.toml',
  ...sourcesUnder(root, 'functions')
    .filter((path) => path.endsWith('/worker.ts'))
    .map((path) => path.replace(/worker\.ts$/, 'wrangler.toml'))
    .filter((path) => path !== 'functions/gateway/wrangler.toml'),
]
let failed = 0
for (const file of files) {
  const { status, stdout, stderr } = existsSync(join(root, file))
    ? spawnSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--config', file], {
        cwd: root,
        env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_SANITIZE: 'true', CI: '1' },
        encoding: 'utf8',
        timeout: MOST_MS,
      })
    : { status: 1, stdout: '', stderr: 'there is no such file' }
  // A field that it does not know is a warning to wrangler, and a mistake of ours.
  const warned = /WARNING/.test(stdout + stderr)
  const size = /Total Upload: (.+)/.exec(stdout)?.[1] ?? ''
  if (status === 0 && !warned) {
    console.log(`wrangler: ${file} ${size}`)
    continue
  }
  failed++
  console.error(
    `wrangler: ${file} ${status === 0 ? 'is accepted with a warning' : 'is refused'}\n${stdout}${stderr}`,
  )
}
process.exitCode = failed === 0 ? 0 : 1
