import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A release is 30 to 90 MB. */
const MOST_BYTES = 300_000_000
const MOST_CHECKSUM_BYTES = 4_096
const ANSWER_MS = 30_000
const SILENCE_MS = 60_000
const TRIES = 3

/**
 * Where releases lie: `<base>/<version>/<arch>/runsc`, its SHA-512 beside it as `runsc.sha512`.
 * @typedef {{ readonly base: string, readonly version: string }} Release
 */

/**
 * Fetches gVisor's own release and checks it against the checksum that is published with it. What has come of the file
 * is kept in `folder` when the connection breaks, and the next try, also that of a later run, goes on from there.
 * @param {Release} release
 * @param {{ readonly folder: string, readonly target: string }} options `target`: the folder that gets the program
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function fetchRelease({ base, version }, { folder, target }) {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const url = `${base}/${version}/${arch}/runsc`
  const part = join(folder, `runsc-${version}-${arch}.part`)
  try {
    await mkdir(folder, { recursive: true })
    const wanted = await readChecksum(`${url}.sha512`)
    await download(url, part)
    if ((await sha512(part)) !== wanted) {
      await rm(part, { force: true })
      return { reason: `gVisor's release ${version} does not have the checksum that is published with it` }
    }
    await mkdir(target, { recursive: true })
    await rename(part, join(target, 'runsc'))
    await chmod(join(target, 'runsc'), 0o755)
    return { path: join(target, 'runsc') }
  } catch (fault) {
    return { reason: `gVisor's release ${version} cannot be fetched: ${reasonOf(fault)}` }
  }
}

/** @param {string} url */
async function readChecksum(url) {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) })
  if (!response.ok) throw new Error(`its checksum is answered with status ${response.status}`)
  const text = (await response.text()).slice(0, MOST_CHECKSUM_BYTES)
  const hash = /^([0-9a-f]{128})\s+\*?runsc\s*$/m.exec(text)?.[1]
  if (hash === undefined) throw new Error('its checksum is not one')
  return hash
}

/**
 * @param {string} url
 * @param {string} part
 */
async function download(url, part) {
  for (let tries = 1; ; tries++) {
    try {
      await goOn(url, part)
      return
    } catch (fault) {
      if (tries === TRIES) throw fault
    }
  }
}

/**
 * Fetches what is missing of a file; from the start where the server does not give parts.
 * @param {string} url
 * @param {string} part
 */
async function goOn(url, part) {
  const have = await stat(part).then(
    (info) => info.size,
    () => 0,
  )
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(new Error('the server fell silent')), ANSWER_MS)
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : {}
    const response = await fetch(url, { headers, redirect: 'error', signal: silence.signal })
    // Nothing is missing: the last run broke off between the last byte and the check.
    if (response.status === 416 && have > 0) return
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`)
    const file = await open(part, response.status === 206 ? 'a' : 'w')
    let size = response.status === 206 ? have : 0
    await pipeline(
      response.body,
      async function* (/** @type {AsyncIterable<Uint8Array>} */ chunks) {
        for await (const chunk of chunks) {
          clearTimeout(timer)
          timer = setTimeout(() => silence.abort(new Error('the server fell silent')), SILENCE_MS)
          size += chunk.length
          if (size > MOST_BYTES) throw new Error('it is larger than any release')
          yield chunk
        }
      },
      file.createWriteStream(),
    )
  } finally {
    clearTimeout(timer)
  }
}

/** @param {string} path */
async function sha512(path) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** @param {unknown} fault */
function reasonOf(fault) {
  if (!(fault instanceof Error)) return String(fault)
  // What fetch throws says only that it failed; its cause says why.
  return fault.cause instanceof Error ? fault.cause.message : fault.message
}
