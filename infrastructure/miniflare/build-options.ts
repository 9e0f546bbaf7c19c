import type { BuildOptions } from 'esbuild'
import { mendPostgres } from '../node/mend-postgres.ts'

/**
 * How anything of ours is bundled for workers: for no platform in particular. `node:*` stays outside, for packages
 * import it behind a condition; none of ours may.
 */
export const WORKER_BUILD = {
  bundle: true,
  format: 'esm',
  target: 'esnext',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'import', 'module'],
  external: ['node:*', 'cloudflare:*'],
  write: false,
  metafile: true,
  logLevel: 'silent',
  plugins: [mendPostgres],
} as const satisfies BuildOptions
