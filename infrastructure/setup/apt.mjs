import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mainSources, parseDeb822Sources, parseListSources, parseOsRelease } from './apt-sources.mjs'
import { COMPONENTS } from './pins.mjs'
import { lastLine, runProgram } from './processes.mjs'

const UPDATE_MS = 180_000
const DOWNLOAD_MS = 600_000

/**
 * The machine's distribution and where its packages come from.
 * @typedef {{ readonly family: 'debian' | 'ubuntu', readonly codename: string, readonly name: string, readonly sources: readonly import('./apt-sources.mjs').AptSource[] }} Distribution
 */

/**
 * Reads the machine's distribution and its own package sources.
 * @param {string} [etc] for tests: another `/etc`
 * @returns {Promise<Distribution | { reason: string }>}
 */
export async function readDistribution(etc = '/etc') {
  const os = parseOsRelease(await readFile(join(etc, 'os-release'), 'utf8').catch(() => ''))
  if (os === null) return { reason: 'this machine is neither Debian nor Ubuntu nor made from them' }
  const sources = parseListSources(await readFile(join(etc, 'apt/sources.list'), 'utf8').catch(() => ''))
  const folder = join(etc, 'apt/sources.list.d')
  for (const name of (await readdir(folder).catch(() => /** @type {string[]} */ ([]))).sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    if (name.endsWith('.list')) sources.push(...parseListSources(text))
    if (name.endsWith('.sources')) sources.push(...parseDeb822Sources(text))
  }
  const main = mainSources(sources, os.codename)
  if (main.length === 0) return { reason: `apt on this machine names no source for ${os.name}` }
  return { ...os, sources: main }
}

/**
 * A private apt tree for one suite: its own lists, cache and empty status; the machine's mirrors, keys and proxy
 * settings; none of its hooks. Nothing outside `folder` is written.
 * @param {Distribution} distribution
 * @param {string} suite
 * @param {string} folder
 * @returns {Promise<string>} the configuration file, for `apt-get -c`
 */
export async function createAptTree(distribution, suite, folder) {
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true })
  await writeFile(join(folder, 'status'), '')
  const lines = []
  for (const [index, source] of distribution.sources.entries()) {
    const options = []
    if (source.signedBy?.includes('-----BEGIN')) {
      const key = join(folder, `key-${index}.asc`)
      await writeFile(key, `${source.signedBy}\n`)
      options.push(`signed-by=${key}`)
    } else if (source.signedBy !== null) options.push(`signed-by=${source.signedBy}`)
    if (source.trusted) options.push('trusted=yes')
    const bracket = options.length === 0 ? '' : `[${options.join(' ')}] `
    lines.push(`deb ${bracket}${source.uri} ${suite} ${COMPONENTS[distribution.family]}`)
  }
  await writeFile(join(folder, 'sources.list'), `${lines.join('\n')}\n`)
  const config = join(folder, 'apt.conf')
  await writeFile(config, aptConfig(folder))
  return config
}

/**
 * The configuration of the private tree, read by apt after the machine's own.
 * @param {string} folder
 */
function aptConfig(folder) {
  const hooks = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success']
  const targets = ['DEP-11', 'DEP-11-icons', 'DEP-11-icons-small', 'Contents-deb', 'CNF']
  return [
    ...[...hooks, 'DPkg::Pre-Invoke', 'DPkg::Post-Invoke', 'DPkg::Pre-Install-Pkgs'].map(
      (h) => `#clear ${h};`,
    ),
    `Dir::State "${folder}";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::extended_states "${folder}/extended_states";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Cache::archives "${folder}/cache/archives";`,
    `Dir::Log "${folder}";`,
    `Dir::Etc::sourcelist "${folder}/sources.list";`,
    'Dir::Etc::sourceparts "/dev/null";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "/dev/null";',
    'APT::Sandbox::User "root";',
    'APT::Install-Recommends "false";',
    'APT::Get::AllowUnauthenticated "false";',
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    ...targets.map((target) => `Acquire::IndexTargets::deb::${target}::DefaultEnabled "false";`),
    '',
  ].join('\n')
}

/**
 * Fetches the lists of a tree; apt checks their signature with the machine's keys.
 * @param {string} config
 * @returns {Promise<string | null>} null when that worked, else why not, in one line
 */
export async function updateApt(config) {
  const run = await runProgram('apt-get', ['-c', config, '-q', 'update'], { timeoutMs: UPDATE_MS })
  // apt-get update exits 0 with warnings when a suite cannot be fetched and an older list exists; ours start empty.
  return run.ok ? null : lastLine(run.stderr)
}

/**
 * Version that the tree would install of a package, or null.
 * @param {string} config
 * @param {string} name
 */
export async function candidate(config, name) {
  const run = await runProgram('apt-cache', ['-c', config, 'policy', name], {
    timeoutMs: UPDATE_MS,
    env: { ...process.env, LC_ALL: 'C' },
  })
  const version = /^\s+Candidate: (\S+)$/m.exec(run.stdout)?.[1]
  return version === undefined || version === '(none)' ? null : version
}

/**
 * Downloads packages, with all they depend on when asked, and unpacks them into a folder. apt checks each file's hash
 * against the signed lists.
 * @param {string} config
 * @param {readonly string[]} names
 * @param {{ readonly tree: string, readonly target: string, readonly dependencies: boolean }} options
 * @returns {Promise<string | null>} null when that worked, else why not, in one line
 */
export async function unpackPackages(config, names, { tree, target, dependencies }) {
  const archives = join(tree, 'cache/archives')
  const verb = dependencies ? ['install', '--download-only', '-y'] : ['download']
  const got = await runProgram('apt-get', ['-c', config, '-q', ...verb, ...names], {
    cwd: archives,
    timeoutMs: DOWNLOAD_MS,
  })
  if (!got.ok) return lastLine(got.stderr)
  await mkdir(target, { recursive: true })
  for (const file of (await readdir(archives)).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await runProgram('dpkg-deb', ['-x', join(archives, file), target], {
      timeoutMs: DOWNLOAD_MS,
    })
    if (!unpacked.ok) return lastLine(unpacked.stderr)
  }
  return null
}
