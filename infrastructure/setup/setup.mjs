#!/usr/bin/env node
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, readPythonStamp, readRunscStamp } from './cache.mjs'
import { withLock } from './lock.mjs'
import { setupPython } from './python.mjs'
import { isReady } from './ready.mjs'
import { checkRunsc, setupRunsc } from './runsc.mjs'

const HELP = `make setup: gets what the sandbox for analysis scripts needs, without root and without touching the system.

  node infrastructure/setup/setup.mjs [--strict] [--quiet]

It puts gVisor's runsc (2024 or later) and a Python with NumPy and pandas into \${XDG_CACHE_HOME:-~/.cache}/aether.
Packages come from this machine's own apt sources and pip index; where there is no apt, runsc is gVisor's own release,
checked against its checksum. What is already there is kept.

  --strict   exit 1 when something could not be had (otherwise 0: the rest works without the sandbox)
  --quiet    say nothing when all is there
  --help     this text

RUNSC_PATH      a runsc to use instead; then no other is looked for
SANDBOX_PYTHON  a Python (3.9 to 3.14) to build from instead of python3; its own NumPy and pandas are used when it has them
`

const LOCK_MS = 900_000

/**
 * Does what `make setup` does.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} print
 * @returns {Promise<number>} exit code
 */
export async function setup(args, env, print) {
  if (args.includes('--help')) {
    print(HELP.trimEnd())
    return 0
  }
  const say = (/** @type {string} */ line) => print(`setup: ${line}`)
  const cache = cacheFolder(env)
  if (await isReady(env)) {
    if (!args.includes('--quiet')) say(`the sandbox is ready (${await summary(env)})`)
    return 0
  }
  try {
    const missing = await withLock(join(cache, 'setup.lock'), { say, timeoutMs: LOCK_MS }, () =>
      install(env, cache, say),
    )
    if (missing.length === 0) return 0
    for (const line of missing) say(line)
  } catch (fault) {
    say(`stopped: ${fault instanceof Error ? fault.message : String(fault)}`)
  }
  say(
    'without it no analysis script runs (sandbox tier: unavailable); everything else works, metrics included',
  )
  say('run make setup again once that is mended')
  return args.includes('--strict') ? 1 : 0
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} cache
 * @param {(line: string) => void} say
 * @returns {Promise<string[]>} what is missing, one line each
 */
async function install(env, cache, say) {
  // The sandbox reads the root as another user, so a strict umask of the caller must not reach it.
  process.umask(0o022)
  await mkdir(cache, { recursive: true })
  // The lock is ours, so a work folder that is here belongs to a setup that was killed.
  for (const name of await readdir(cache))
    if (name.startsWith('work-')) await rm(join(cache, name), { recursive: true, force: true })
  const work = await mkdtemp(join(cache, 'work-'))
  const part = async (/** @type {string} */ name) => {
    await mkdir(join(work, name))
    return join(work, name)
  }
  try {
    // A machine without runsc has no use for the 200 MB of the other half.
    if (env.RUNSC_PATH) {
      const runsc = await checkRunsc(env.RUNSC_PATH)
      if ('reason' in runsc) return [`no runsc: RUNSC_PATH: ${runsc.reason}`]
    }
    say(`fetching what the sandbox needs into ${cache}`)
    const [runsc, python] = await Promise.all([
      setupRunsc(env, { work: await part('runsc'), say }),
      setupPython(env, { work: await part('python'), say }),
    ])
    const missing = []
    if ('reason' in runsc) missing.push(`no runsc: ${runsc.reason}`)
    if ('reason' in python) missing.push(`no Python with NumPy and pandas: ${python.reason}`)
    return missing
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** @param {NodeJS.ProcessEnv} env */
async function summary(env) {
  const runsc = env.RUNSC_PATH ? 'RUNSC_PATH' : (await readRunscStamp(env))?.version
  return `runsc ${runsc}, Python ${(await readPythonStamp(env))?.version}`
}

if (process.argv[1]?.endsWith('setup.mjs')) {
  try {
    process.loadEnvFile('.env')
  } catch {
    // No .env yet: then the environment alone decides.
  }
  process.exitCode = await setup(process.argv.slice(2), process.env, (line) => console.log(line))
}
