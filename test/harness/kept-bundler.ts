import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourcesUnder } from '../../infrastructure/check/imports.ts'
import { type Bundler, createBundler, type Scripts } from '../../infrastructure/miniflare/bundler.ts'

interface Kept {
  readonly stamp: string
  readonly scripts: Scripts
}

/** The workers as they were bundled for the last test file, while nothing has changed that they are made of. */
export function createKeptBundler(root: string): Bundler {
  const file = join(tmpdir(), `aether-test-workers-${process.getuid?.() ?? 0}-${hash(root)}.json`)
  return {
    async build() {
      const stamp = stampOf(root)
      const kept: Kept | null = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
      if (kept?.stamp === stamp) return kept.scripts
      const bundler = await createBundler(root)
      try {
        const scripts = await bundler.build()
        const draft = `${file}.${process.pid}`
        writeFileSync(draft, JSON.stringify({ stamp, scripts } satisfies Kept), { mode: 0o600 })
        renameSync(draft, file)
        return scripts
      } finally {
        await bundler.close()
      }
    },
    close: async () => {},
  }
}

/** Sizes and times of everything that the workers are made of. */
function stampOf(root: string): string {
  const sources = ['functions', 'shared', 'infrastructure/miniflare'].flatMap((folder) =>
    sourcesUnder(root, folder),
  )
  return hash(
    [...sources, 'package-lock.json']
      .map((path) => {
        const { size, mtimeMs } = statSync(join(root, path))
        return `${path} ${size} ${mtimeMs}`
      })
      .join('\n'),
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
