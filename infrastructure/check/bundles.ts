import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { WORKER_BUILD } from '../miniflare/build-options.ts'
import { sourcesUnder } from './imports.ts'

/**
 * Proves that every function runs on a platform without Node: its handler, and its worker where there is one, bundles
 * for a neutral platform; so does the adapter to Home Assistant, which workers mount. What packages import of `node:*`
 * must be among what `nodejs_compat` provides to workers, and a worker must be small enough to start fast.
 */
const root = join(import.meta.dirname, '../..')
const MOST_GZIPPED = 1_000_000
/** What the database driver uses of the platform: the parts of Node among it come with `nodejs_compat`. */
const PROVIDED = new Set(['node:buffer', 'node:events', 'node:stream', 'cloudflare:sockets'])
const entries = [
  ...sourcesUnder(root, 'functions').filter((path) => /^functions\/[^/]+\/(handler|worker)\.ts$/.test(path)),
  'shared/home/home_assistant/home-assistant.ts',
]
let failed = 0
for (const entry of entries) {
  try {
    const { metafile, outputFiles } = await build({
      ...WORKER_BUILD,
      entryPoints: [join(root, entry)],
      minify: true,
      absWorkingDir: root,
    })
    const node = Object.keys(metafile.inputs).filter((input) => input.endsWith('.node.ts'))
    if (node.length > 0) throw new Error(`holds ${node.join(', ')}`)
    const outside = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.filter((each) => each.external).map((each) => each.path),
    )
    const missing = outside.filter((path) => !PROVIDED.has(path))
    if (missing.length > 0) throw new Error(`imports ${missing.join(', ')}, which workers may lack`)
    const bytes = outputFiles[0]?.contents ?? new Uint8Array()
    const gzipped = gzipSync(bytes).length
    if (gzipped > MOST_GZIPPED) throw new Error(`is ${kb(gzipped)} gzipped, above ${kb(MOST_GZIPPED)}`)
    console.log(`bundle: ${entry} ${kb(bytes.length)}, ${kb(gzipped)} gzipped`)
  } catch (error) {
    failed++
    console.error(`bundle: ${entry} ${error instanceof Error ? error.message : error}`)
  }
}
if (entries.length === 0 || !existsSync(join(root, 'functions'))) throw new Error('no function found')
process.exitCode = failed === 0 ? 0 : 1

function kb(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
