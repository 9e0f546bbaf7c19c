import { basename } from 'node:path'
import { context, type Metafile } from 'esbuild'
import { WORKER_BUILD } from './build-options.ts'
import { WORKERS, type WorkerName } from './workers.ts'

export interface Module {
  readonly path: string
  readonly text: string
}

/** The modules of each worker, the one with its handlers first. */
export type Scripts = Readonly<Record<WorkerName, readonly Module[]>>

/** Bundles the workers, and again what has changed since. */
export interface Bundler {
  /** Throws an error whose message says what is wrong and where. */
  build(): Promise<Scripts>
  close(): Promise<void>
}

/**
 * A bundler of `functions/<name>/worker.ts` that keeps what it has parsed. What several workers hold is made once, and
 * small: each of them has to be written, read and compiled again before a change is live.
 */
export async function createBundler(root: string): Promise<Bundler> {
  const build = await context({
    ...WORKER_BUILD,
    absWorkingDir: root,
    entryPoints: WORKERS.map((name) => ({ in: `functions/${name}/worker.ts`, out: name })),
    outdir: '.',
    splitting: true,
    chunkNames: 'shared-[hash]',
    minify: true,
  })
  return {
    async build() {
      const { outputFiles, metafile } = await build.rebuild()
      const texts = new Map(outputFiles.map((file) => [basename(file.path), file]))
      const modulesOf = (name: WorkerName): Module[] =>
        reachable(`${name}.js`, metafile).map((path) => ({ path, text: texts.get(path)?.text ?? '' }))
      return {
        gateway: modulesOf('gateway'),
        architect: modulesOf('architect'),
        ds_orchestrator: modulesOf('ds_orchestrator'),
        ds_analysts: modulesOf('ds_analysts'),
      }
    },
    close: () => build.dispose(),
  }
}

/** An output and all that it imports, directly or not. */
function reachable(entry: string, { outputs }: Metafile): string[] {
  const seen = new Set([entry])
  for (const path of seen)
    for (const each of outputs[path]?.imports ?? []) if (!each.external) seen.add(each.path)
  return [...seen]
}
