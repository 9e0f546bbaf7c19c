import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { candidate, createAptTree, readDistribution, unpackPackages, updateApt } from './apt.mjs'
import { cacheFolder, readRunscStamp, runscStampPath } from './cache.mjs'
import { FORMAT, RUNSC_MIN_YEAR, RUNSC_RELEASE, RUNSC_SUITES } from './pins.mjs'
import { lastLine, runProgram } from './processes.mjs'
import { fetchRelease } from './release.mjs'

/**
 * Year of a runsc by what `runsc --version` or its package says (`0.0~20240729.0`, `release-20240729.0`); null where no date
 * is named, as in one built from source.
 * @param {string} text
 * @returns {number | null}
 */
export function runscYear(text) {
  const match = /(?:^|\D)(20\d{2})[01]\d[0-3]\d(?:\D|$)/.exec(text)
  return match === null ? null : Number(match[1])
}

/**
 * Version of a runsc binary, checked: it must run, be runsc, and not be older than 2024 (a build without a date passes).
 * @param {string} path
 * @returns {Promise<{ version: string } | { reason: string }>}
 */
export async function checkRunsc(path) {
  try {
    await access(path, constants.X_OK)
  } catch {
    return { reason: 'there is no program at that path' }
  }
  const run = await runProgram(path, ['--version'], { timeoutMs: 10_000, env: { PATH: process.env.PATH } })
  const version = /^runsc version (\S+)/m.exec(run.stdout)?.[1]
  if (!run.ok || version === undefined)
    return { reason: `it does not answer as runsc does: ${lastLine(run.stderr)}` }
  const year = runscYear(version)
  if (year !== null && year < RUNSC_MIN_YEAR)
    return { reason: `version ${version} is older than ${RUNSC_MIN_YEAR}` }
  return { version }
}

/**
 * Makes sure that there is a runsc: the one that RUNSC_PATH names, the one in the cache, else the distribution's package, and
 * where there are no such packages gVisor's own release.
 * @param {import('./cache.mjs').SetupEnv} env
 * @param {{ readonly work: string, readonly say: (line: string) => void, readonly etc?: string, readonly release?: import('./release.mjs').Release }} options `work`: an empty folder on the cache's file system; for tests, another `/etc` and other releases
 * @returns {Promise<{ version: string } | { reason: string }>}
 */
export async function setupRunsc(env, { work, say, etc = '/etc', release = RUNSC_RELEASE }) {
  if (env.RUNSC_PATH) {
    const checked = await checkRunsc(env.RUNSC_PATH)
    if ('reason' in checked) return { reason: `RUNSC_PATH: ${checked.reason}` }
    say(`runsc ${checked.version} (RUNSC_PATH)`)
    return checked
  }
  const known = await readRunscStamp(env)
  if (known !== null && 'version' in (await checkRunsc(known.path))) {
    say(`runsc ${known.version} is there`)
    return known
  }
  const distribution = await readDistribution(etc)
  if (!('reason' in distribution)) return await fromPackages(env, distribution, { work, say })
  say(`${distribution.reason}, so runsc comes from gVisor's own releases`)
  return await fromRelease(env, release, { work, say })
}

/**
 * @param {import('./cache.mjs').SetupEnv} env
 * @param {import('./release.mjs').Release} release
 * @param {{ readonly work: string, readonly say: (line: string) => void }} options
 * @returns {Promise<{ version: string } | { reason: string }>}
 */
async function fromRelease(env, release, { work, say }) {
  const folder = join(cacheFolder(env), 'downloads')
  const got = await fetchRelease(release, { folder, target: join(work, 'program') })
  const checked = 'reason' in got ? got : await checkRunsc(got.path)
  if ('reason' in checked)
    return { reason: `${checked.reason}; RUNSC_PATH can name a runsc of ${RUNSC_MIN_YEAR} or later` }
  const name = `release-${release.version}`
  await place(env, join(work, 'program'), { work, name, version: checked.version, from: name })
  await rm(folder, { recursive: true, force: true })
  say(`runsc ${checked.version} fetched from gVisor's release ${release.version}, its checksum is right`)
  return checked
}

/**
 * Puts a program's folder into the cache, and its stamp last.
 * @param {import('./cache.mjs').SetupEnv} env
 * @param {string} program
 * @param {{ readonly work: string, readonly name: string, readonly version: string, readonly from: string }} what
 */
async function place(env, program, { work, name, version, from }) {
  const folder = join(cacheFolder(env), 'runsc', name.replace(/[^\w.+~-]/g, '_'))
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, '..'), { recursive: true })
  await rename(program, folder)
  const stamp = { format: FORMAT, path: join(folder, 'runsc'), version, from }
  await writeFile(join(work, 'runsc.json'), JSON.stringify(stamp))
  await rename(join(work, 'runsc.json'), runscStampPath(env))
}

/**
 * @param {import('./cache.mjs').SetupEnv} env
 * @param {import('./apt.mjs').Distribution} distribution
 * @param {{ readonly work: string, readonly say: (line: string) => void }} options
 * @returns {Promise<{ version: string } | { reason: string }>}
 */
async function fromPackages(env, distribution, { work, say }) {
  const tries = []
  for (const suite of RUNSC_SUITES[distribution.family]) {
    const tree = join(work, suite)
    const got = await fetchRunsc(distribution, suite, tree)
    if ('reason' in got) {
      tries.push(`${suite}: ${got.reason}`)
      continue
    }
    const checked = await checkRunsc(got.path)
    if ('reason' in checked) {
      tries.push(`${suite}: ${checked.reason}`)
      continue
    }
    const what = { name: got.version, version: checked.version, from: `${suite} ${got.version}` }
    await place(env, join(got.path, '..'), { work, ...what })
    say(`runsc ${checked.version} unpacked from the package of ${suite}`)
    return checked
  }
  return {
    reason: `no suite has a runsc of ${RUNSC_MIN_YEAR} or later that can be had here (${tries.join('; ')})`,
  }
}

/**
 * @param {import('./apt.mjs').Distribution} distribution
 * @param {string} suite
 * @param {string} tree
 * @returns {Promise<{ path: string, version: string } | { reason: string }>}
 */
async function fetchRunsc(distribution, suite, tree) {
  const config = await createAptTree(distribution, suite, tree)
  const fault = await updateApt(config)
  if (fault !== null) return { reason: fault }
  const version = await candidate(config, 'runsc')
  if (version === null) return { reason: 'has no package runsc' }
  if ((runscYear(version) ?? 0) < RUNSC_MIN_YEAR) return { reason: `has only ${version}` }
  const target = join(tree, 'unpacked')
  const failed = await unpackPackages(config, ['runsc'], { tree, target, dependencies: false })
  if (failed !== null) return { reason: failed }
  // Only the program itself is kept: the package's containerd shim is not ours to use.
  const folder = join(tree, 'program')
  await mkdir(folder, { recursive: true })
  await rename(join(target, 'usr/bin/runsc'), join(folder, 'runsc'))
  return { path: join(folder, 'runsc'), version }
}
