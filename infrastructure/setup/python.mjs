import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAptTree, readDistribution, unpackPackages, updateApt } from './apt.mjs'
import { cacheFolder, pythonKey, pythonStampPath, readPythonStamp } from './cache.mjs'
import { FORMAT, REQUIREMENTS, RUNSC_SUITES } from './pins.mjs'
import { lastLine, runProgram } from './processes.mjs'

const INSTALL_MS = 600_000
const COLLECT = join(dirname(fileURLToPath(import.meta.url)), 'collect.py')

/**
 * How to start an interpreter: a program with its first arguments.
 * @typedef {{ readonly command: readonly [string, ...string[]], readonly minor: string, readonly env: NodeJS.ProcessEnv }} Interpreter
 */

/**
 * Makes sure that there is a Python root with NumPy and pandas: the one in the cache, else one made from the interpreter that
 * SANDBOX_PYTHON names, from the machine's python3 with pinned wheels, or from the distribution's packages.
 * @param {import('./cache.mjs').SetupEnv} env
 * @param {{ readonly work: string, readonly say: (line: string) => void }} options `work`: an empty folder on the cache's file system
 * @returns {Promise<{ version: string } | { reason: string }>}
 */
export async function setupPython(env, { work, say }) {
  const known = await readPythonStamp(env)
  if (known !== null && (await exists(join(known.root, 'opt/python/bin/python3')))) {
    say(`${describe(known)} is there`)
    return known
  }
  const tries = []
  for (const [index, way] of waysTo(env).entries()) {
    const root = join(work, `root-${index}`)
    const made = await way(root, join(work, `work-${index}`))
    const checked = 'reason' in made ? made : await checkRoot(root, made)
    if ('reason' in checked) {
      tries.push(checked.reason)
      continue
    }
    const place = join(cacheFolder(env), 'python', pythonKey(env))
    await rm(place, { recursive: true, force: true })
    await mkdir(dirname(place), { recursive: true })
    await rename(root, place)
    const stamp = { format: FORMAT, root: place, ...checked }
    await writeFile(join(work, 'python.json'), JSON.stringify(stamp))
    await rename(join(work, 'python.json'), pythonStampPath(env))
    say(`${describe(checked)} ready (${checked.from})`)
    return stamp
  }
  return { reason: tries.join('; ') }
}

/**
 * @typedef {{ readonly version: string, readonly packages: Readonly<Record<string, string>>, readonly from: string }} MadeRoot
 * @param {import('./cache.mjs').SetupEnv} env
 * @returns {((root: string, work: string) => Promise<MadeRoot | { reason: string }>)[]} ways to make a root, best first
 */
function waysTo(env) {
  if (env.SANDBOX_PYTHON) {
    const path = env.SANDBOX_PYTHON
    return [
      async (root) => withInterpreter(path, (found) => collect(found, root, 'its own packages', ['--own'])),
      async (root, work) => withInterpreter(path, (found) => fromWheels(found, root, work)),
    ]
  }
  return [
    async (root, work) => withInterpreter('python3', (found) => fromWheels(found, root, work)),
    async (root, work) => withInterpreter('/usr/bin/python3', (found) => fromWheels(found, root, work)),
    async (root) =>
      withInterpreter('/usr/bin/python3', (found) => collect(found, root, 'its own packages', ['--own'])),
    fromPackages,
  ]
}

/**
 * @param {string} program
 * @param {(found: Interpreter) => Promise<MadeRoot | { reason: string }>} use
 */
async function withInterpreter(program, use) {
  const env = { ...process.env, PIP_USER: '0' }
  const text = 'import sys; print("%d.%d" % sys.version_info[:2])'
  const run = await runProgram(program, ['-I', '-c', text], { timeoutMs: 20_000 })
  if (!run.ok) return { reason: `${program}: ${lastLine(run.stderr)}` }
  const minor = run.stdout.trim()
  if (REQUIREMENTS[minor] === undefined)
    return { reason: `${program}: Python ${minor} is not one of those known` }
  return await use({ command: [program], minor, env })
}

/**
 * Pinned wheels by the interpreter's own pip, else by that of a virtual environment made with it.
 * @param {Interpreter} interpreter
 * @param {string} root
 * @param {string} work
 * @returns {Promise<MadeRoot | { reason: string }>}
 */
async function fromWheels(interpreter, root, work) {
  const target = join(root, 'opt/py')
  await mkdir(target, { recursive: true })
  await mkdir(work, { recursive: true })
  const requirements = join(work, 'requirements.txt')
  await writeFile(requirements, `${REQUIREMENTS[interpreter.minor]}\n`)
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-input',
    '--only-binary',
    ':all:',
    '--require-hashes',
  ]
  const args = [...install, '--target', target, '--requirement', requirements]
  let pip = interpreter.command
  if (!(await runProgram(pip[0], ['-m', 'pip', '--version'], { timeoutMs: 60_000 })).ok) {
    const venv = join(work, 'venv')
    const made = await runProgram(pip[0], ['-m', 'venv', venv], { timeoutMs: INSTALL_MS })
    if (!made.ok) return { reason: `${pip[0]} has neither pip nor venv (package python3-venv)` }
    pip = [join(venv, 'bin/python3')]
  }
  const run = await runProgram(pip[0], args, { timeoutMs: INSTALL_MS, env: interpreter.env, cwd: work })
  if (!run.ok) return { reason: `pip: ${lastLine(run.stderr)}` }
  await rm(join(target, 'bin'), { recursive: true, force: true })
  return await collect(interpreter, root, `Python ${interpreter.minor} of this machine, wheels by pip`, [])
}

/**
 * Python, NumPy and pandas from the distribution's packages, with everything they need, for machines without a usable
 * python3 or without a package index for pip.
 * @param {string} root
 * @param {string} work
 * @returns {Promise<MadeRoot | { reason: string }>}
 */
export async function fromPackages(root, work) {
  const distribution = await readDistribution()
  if ('reason' in distribution) return distribution
  const tries = []
  for (const suite of [distribution.codename, ...RUNSC_SUITES[distribution.family]]) {
    const tree = join(work, suite)
    const config = await createAptTree(distribution, suite, tree)
    const target = join(tree, 'unpacked')
    const names = ['python3', 'python3-numpy', 'python3-pandas', 'tzdata']
    const failed =
      (await updateApt(config)) ?? (await unpackPackages(config, names, { tree, target, dependencies: true }))
    if (failed !== null) {
      tries.push(`packages of ${suite}: ${failed}`)
      continue
    }
    const interpreter = await unpackedInterpreter(target)
    if ('reason' in interpreter) tries.push(`packages of ${suite}: ${interpreter.reason}`)
    else {
      const options = ['--own', '--zoneinfo', join(target, 'usr/share/zoneinfo')]
      return await collect(interpreter, root, `packages of ${suite}`, options)
    }
  }
  return { reason: tries.join('; ') }
}

/**
 * An unpacked Python is started through its own loader with its own libraries, so it need not fit the machine's.
 * @param {string} tree
 * @returns {Promise<Interpreter | { reason: string }>}
 */
async function unpackedInterpreter(tree) {
  const bin = await readdir(join(tree, 'usr/bin'))
  const name = bin.filter((entry) => /^python3\.\d+$/.test(entry)).at(-1)
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const lib = join(tree, 'usr/lib', triplet)
  const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2'
  const places = [lib, join(tree, 'lib', triplet), join(tree, 'usr/lib64'), join(tree, 'lib64')]
  const found = []
  for (const place of places) if (await exists(join(place, loader))) found.push(join(place, loader))
  const program = found[0]
  if (name === undefined || program === undefined) return { reason: 'Python is not in them' }
  const path = [lib, join(lib, 'blas'), join(lib, 'lapack'), join(tree, 'lib', triplet)].join(':')
  return {
    command: [program, '--library-path', path, join(tree, 'usr/bin', name)],
    minor: name.slice('python'.length),
    env: { ...process.env },
  }
}

/**
 * @param {Interpreter} interpreter
 * @param {string} root
 * @param {string} from
 * @param {readonly string[]} options
 * @returns {Promise<MadeRoot | { reason: string }>}
 */
async function collect(interpreter, root, from, options) {
  await mkdir(root, { recursive: true })
  const [program, ...first] = interpreter.command
  const args = [...first, '-I', '-B', COLLECT, root, ...zoneinfo(options)]
  const run = await runProgram(program, args, { timeoutMs: INSTALL_MS, env: interpreter.env })
  if (!run.ok) return { reason: `${program} (${from}): ${lastLine(run.stderr)}` }
  return { ...JSON.parse(lastLine(run.stdout)), from }
}

/** @param {readonly string[]} options */
function zoneinfo(options) {
  return options.includes('--zoneinfo') ? options : [...options, '--zoneinfo', '/usr/share/zoneinfo']
}

/**
 * Starts the interpreter of a root with nothing but the root's own libraries, and imports what scripts import.
 * @template {MadeRoot} T
 * @param {string} root
 * @param {T} made
 * @returns {Promise<T | { reason: string }>}
 */
async function checkRoot(root, made) {
  const [folder, name] =
    process.arch === 'arm64' ? ['lib', 'ld-linux-aarch64.so.1'] : ['lib64', 'ld-linux-x86-64.so.2']
  const library = ['--inhibit-cache', '--library-path', join(root, 'opt/python/lib')]
  const text =
    'import sys; sys.path.insert(0, sys.argv[1])\n' +
    'import ctypes, csv, datetime, decimal, json, math, random, resource, sqlite3, ssl, statistics, zlib\n' +
    'import numpy, pandas; pandas.date_range("2026-03-29", periods=2, tz="Europe/Berlin")'
  // Compiled files written here spare every later start the compiling: inside the sandbox the root is read-only.
  const args = [
    ...library,
    join(root, 'opt/python/bin/python3'),
    '-I',
    '-S',
    '-c',
    text,
    join(root, 'opt/py'),
  ]
  const env = { PYTHONDONTWRITEBYTECODE: '', TZ: 'UTC' }
  const run = await runProgram(join(root, folder, name), args, { timeoutMs: 120_000, env })
  return run.ok
    ? made
    : { reason: `the Python made from ${made.from} does not work: ${lastLine(run.stderr)}` }
}

/** @param {{ readonly version: string, readonly packages: Readonly<Record<string, string>> }} root */
function describe(root) {
  const packages = Object.entries(root.packages).map(([name, version]) => `${name} ${version}`)
  return `Python ${root.version} with ${packages.join(' and ')}`
}

/** @param {string} path */
async function exists(path) {
  return await access(path).then(
    () => true,
    () => false,
  )
}
