import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

const CONNECTION = /[\\/]postgres[\\/](cf[\\/])?src[\\/]connection\.js$/

/** What is replaced in the driver's `connection.js`: the first text is there once, the second is what it becomes. */
const MENDED: readonly (readonly [string, string])[] = [
  [
    '  function nextWrite(fn) {\n',
    `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return true
    }
`,
  ],
  [
    "    clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)\n",
    "    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)\n",
  ],
  [
    `    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    `    while (sent.length)
      queryError(sent.shift(), Errors.connection('CONNECTION_CLOSED', options, socket))
    if (!initial && !hadError && query)
      errored(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = null
    result = new Result()

    if (initial)
      return reconnect()

`,
  ],
]

/**
 * Mends postgres 3.4.9 while it is bundled (porsager/postgres issues 1066, 1154, 1208): a write that follows the end of
 * its connection, as in a transaction whose backend was ended, threw where nobody can catch it and so ended the process,
 * or left a connection behind that never sends again. The rollback of a transaction whose link was reset was queued
 * between the socket's error and its close, and kept for the next connection, to which it was never sent: what was asked
 * there second waited for ever, with its locks. A version that reads otherwise fails the build: look whether it still
 * needs this.
 */
export const mendPostgres: Plugin = {
  name: 'mend-postgres',
  setup(build) {
    build.onLoad({ filter: CONNECTION }, ({ path }) => ({
      contents: mended(readFileSync(path, 'utf8')),
      loader: 'js',
    }))
  },
}

/** The text of the driver's `connection.js`, mended. Throws where it is not the one that is known. */
export function mended(source: string): string {
  return MENDED.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2)
      throw new Error('postgres/src/connection.js has changed: see infrastructure/node/mend-postgres.ts')
    return text.replace(before, () => after)
  }, source)
}
