import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

/** All our source files, with their text. */
const SOURCES = ['functions', 'shared', 'infrastructure'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/node_modules/'))
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') })),
)
const where = (pattern: RegExp) => SOURCES.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

it('programs are started in these places alone, none of which sees a script but by runsc', () => {
  expect(where(/child_process|node:worker_threads|node:cluster|execve?\(/).toSorted()).toEqual(
    [
      // runsc: the sandbox, its short commands, and the shell that outlives us to clean up
      'infrastructure/gvisor/cell.ts',
      'infrastructure/gvisor/guardian.ts',
      'infrastructure/gvisor/runsc.ts',
      // our own services, Postgres, and what make setup calls
      'infrastructure/node/local-team.ts',
      'infrastructure/node/postgres/cluster.ts',
      'infrastructure/node/postgres/server-process.ts',
      'infrastructure/setup/processes.mjs',
      // the container engine, from make
      'infrastructure/podman/shell.ts',
      // wrangler, from make
      'infrastructure/wrangler-check/check.ts',
    ]
      .filter((path) => SOURCES.some((source) => source.path === path))
      .toSorted(),
  )
})

it('nothing evaluates text as code, and no Python or WebAssembly runs in our own process', () => {
  expect(where(/node:vm|\beval\(|new Function\(|runInNewContext|pyodide|WebAssembly|node:wasi/i)).toEqual([])
})

it('a job reaches a cell by one path: run-script.ts, which runs it in the cell that it is given', () => {
  expect(where(/\.submit\(\{/)).toEqual(['infrastructure/gvisor/run-script.ts'])
  expect(where(/\brunScript\(cell\b/)).toEqual([
    'infrastructure/gvisor/run-script.ts',
    'infrastructure/gvisor/sandbox.ts',
  ])
})

it('the sandbox has two implementations: gVisor, and the client of a runner; others pass on to one of them', () => {
  const implementing = where(/\): Sandbox \{|\): GvisorSandbox \{|implements Sandbox\b/)
  expect(implementing.toSorted()).toEqual([
    'infrastructure/gvisor/sandbox.ts',
    'shared/sandbox/client.ts',
    'shared/sandbox/metered-sandbox.ts',
    'shared/tracing/traced-sandbox.ts',
  ])
})
