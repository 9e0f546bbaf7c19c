import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { sourcesUnder } from './imports.ts'

/**
 * Proves that every function runs on a platform without Node: its handler, and its worker where there is one, bundles
 * for a neutral platform; so does the adapter to Home Assistant, which workers mount. `node:*` stays external, for packages import it behind a `workerd` condition; none of ours may.
 */
const root = join(import.meta.dirname, '../..')
const entries = [
  ...sourcesUnder(root, 'functions').filter((path) => /^functions\/[^/]+\/(handler|worker)\.ts$/.test(path)),
  'shared/home/home_assistant/home-assistant.ts',
]
let failed = 0
for (const entry of entries) {
  try {
    const { metafile, outputFiles } = await build({
      entryPoints: [join(root, entry)],
      bundle: true,
      format: 'esm',
      target: 'esnext',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['workerd', 'worker', 'import', 'module'],
      external: ['node:*', 'cloudflare:*'],
      write: false,
      metafile: true,
      minify: true,
      logLevel: 'silent',
      absWorkingDir: root,
    })
    const node = Object.keys(metafile.inputs).filter((input) => input.endsWith('.node.ts'))
    if (node.length > 0) throw new Error(`holds ${node.join(', ')}`)
    console.log(`bundle: ${entry} ${Math.round((outputFiles[0]?.contents.length ?? 0) / 1000)} kB`)
  } catch (error) {
    failed++
    console.error(`bundle: ${entry} ${error instanceof Error ? error.message : error}`)
  }
}
if (entries.length === 0 || !existsSync(join(root, 'functions'))) throw new Error('no function found')
process.exitCode = failed === 0 ? 0 : 1
