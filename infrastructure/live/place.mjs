import { createHash } from 'node:crypto'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../setup/cache.mjs'

/** Changes whenever a piece is built in another way from the same pins. */
const FORMAT = 1
const READY = '.ready'

/**
 * Where the programs of `make test-live` lie; safe to delete while nothing runs.
 * @param {import('../setup/cache.mjs').SetupEnv} env
 */
export function liveFolder(env) {
  return join(cacheFolder(env), 'live')
}

/**
 * Makes sure that a piece is there. It is built in its place, since programs in it know their path, and marked last:
 * what an interrupted run has left is built anew. Other pins are another folder.
 * @param {string} live
 * @param {string} name
 * @param {{ readonly pins: unknown, readonly build: (folder: string) => Promise<string | null> }} options `build` says why it failed, or null
 * @returns {Promise<{ folder: string } | { reason: string }>}
 */
export async function ensurePiece(live, name, { pins, build }) {
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, process.arch, pins]))
    .digest('hex')
  const folder = join(live, `${name}-${key.slice(0, 12)}`)
  if (await exists(join(folder, READY))) return { folder }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const reason = await build(folder)
  if (reason !== null) {
    await rm(folder, { recursive: true, force: true })
    return { reason }
  }
  await writeFile(join(folder, READY), '')
  return { folder }
}

/** @param {string} path */
async function exists(path) {
  return await access(path).then(
    () => true,
    () => false,
  )
}
