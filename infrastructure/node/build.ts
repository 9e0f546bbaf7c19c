import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles what the Node host starts into dist/: a bundle is ready in a tenth of the time that sources take. */
const root = join(import.meta.dirname, '../..')
const out = join(root, 'dist')

rmSync(out, { recursive: true, force: true })
await build({
  entryPoints: ['main', 'service', 'keys', 'down'].map((name) => join(import.meta.dirname, `${name}.ts`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: 'linked',
  logLevel: 'warning',
  absWorkingDir: root,
  // Some packages still call require for Node's own modules.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
})
cpSync(join(root, 'shared/storage/migrations'), join(out, 'migrations'), { recursive: true })
