import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../setup/lock.mjs'
import { RELEASES } from './pins.mjs'
import { liveFolder } from './place.mjs'
import { ensureRelease } from './release.mjs'
import { ensureTools } from './tools.mjs'

const LOCK_MS = 900_000

/**
 * A release as it was had: the interpreter that runs it with `-m homeassistant`, or why there is none.
 * @typedef {{ readonly version: string } & ({ readonly python: string } | { readonly reason: string })} Fetched
 */

/**
 * Makes sure that every release is in the user's cache folder. Nothing outside it is written, and no root is needed.
 * @param {import('../setup/cache.mjs').SetupEnv} env
 * @param {(line: string) => void} say
 * @returns {Promise<Fetched[]>}
 */
export async function fetchReleases(env, say) {
  const live = liveFolder(env)
  await mkdir(live, { recursive: true })
  return await withLock(join(live, 'fetch.lock'), { say, timeoutMs: LOCK_MS }, async () => {
    const tools = await ensureTools(live, say)
    const fetched = []
    for (const release of RELEASES) {
      const { version } = release
      const made = 'reason' in tools ? tools : await ensureRelease(live, tools, release, say)
      fetched.push({ version, ...made })
    }
    return fetched
  })
}
