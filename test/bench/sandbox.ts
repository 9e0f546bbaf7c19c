import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type FoundSandbox, findSandbox } from '../../infrastructure/gvisor/find.ts'
import { createGvisorSandbox, type GvisorSandbox } from '../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type { SandboxResult } from '../../shared/sandbox/port.ts'
import { type Ratio, waitForQuiet } from './rounds.ts'

const ROUNDS = 9
const SCRIPT = [
  'import numpy, pandas',
  'print("first", flush=True)',
  'total = int(pandas.Series(numpy.arange(100)).sum())',
].join('\n')
const REPORT = '\nimport aether; aether.result({"total": total})'
/** About half a second of pure computing. */
const BUSY = 'x = 0\nfor i in range(6_000_000): x += i * i % 7\nprint(x, flush=True)'

const FLOOR = 'plain Python with pandas'
const BUSY_FLOOR = 'plain Python, computing'
const COLD_START = 'runsc cold → imports done'
const REFILL = 'refill → imports done (off the path)'
/** What a row is a ratio to, where that is not the floor. */
const AGAINST: Readonly<Record<string, string>> = {
  [REFILL]: COLD_START,
  [BUSY_FLOOR]: BUSY_FLOOR,
  'pool hit, computing → result': BUSY_FLOOR,
}

/** Hits a round, since they are what the percentiles are for. */
const HITS = 3

/**
 * Scripts in the sandbox against the same interpreter without one (target P6): cold, from the pool, when the pool is empty,
 * several at once; and how long a new waiting sandbox takes, against a cold start. Each in turn in every round.
 */
export async function benchSandbox(): Promise<Ratio[]> {
  const found = await findSandbox(process.env)
  if ('reason' in found) throw new Error(found.reason)
  const open = (poolSize: number, maxParallel: number) =>
    createGvisorSandbox({
      found,
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
      poolSize,
      maxParallel,
    })
  const [cold, one, four] = [open(0, 4), open(1, 4), open(4, 4)]
  for (const sandbox of [one, four]) sandbox.warm()
  const rounds: Map<string, number[]>[] = []
  let quiet = 0
  try {
    for (let round = -1; round < ROUNDS; round++) {
      const times = new Map<string, number[]>()
      await filled(four, 4)
      await filled(one, 1)
      if (await waitForQuiet()) quiet++
      await measure(found, { cold, one, four }, (name, ms) =>
        times.set(name, [...(times.get(name) ?? []), ms]),
      )
      // The first round warms caches and is not counted.
      if (round >= 0) rounds.push(times)
    }
  } finally {
    await Promise.all([cold, one, four].map((sandbox) => sandbox.close()))
  }
  console.log(`\nsandbox: the machine was quiet before ${quiet} of ${ROUNDS + 1} rounds`)
  return [...(rounds[0]?.keys() ?? [])].map((name) => toRatio(name, rounds))
}

async function measure(
  found: FoundSandbox,
  sandboxes: Readonly<Record<'cold' | 'one' | 'four', GvisorSandbox>>,
  note: (name: string, ms: number) => void,
): Promise<void> {
  const { cold, one, four } = sandboxes
  note(FLOOR, await timeOf(() => plain(found, SCRIPT)))
  const fresh = await run(cold, SCRIPT + REPORT)
  note(COLD_START, fresh.timings.start_ms ?? Number.NaN)
  note('runsc cold → first output', firstOutput(fresh))
  note('runsc cold → result', fresh.timings.total_ms ?? Number.NaN)
  for (let hits = 0; hits < HITS; hits++) {
    await filled(one, 1)
    const hit = await run(one, SCRIPT + REPORT)
    note('pool hit → first output', firstOutput(hit))
    note('pool hit → result', hit.timings.total_ms ?? Number.NaN)
    await filled(one, 1)
    note(REFILL, (await one.status(new AbortController().signal)).pool?.refillMs ?? Number.NaN)
  }
  const [, miss] = await Promise.all([run(one, SCRIPT + REPORT), run(one, SCRIPT + REPORT)])
  note('pool miss → first output', firstOutput(miss))
  note('pool miss → result', miss.timings.total_ms ?? Number.NaN)
  await filled(four, 4)
  await filled(one, 1)
  const atOnce = () => Array.from({ length: 4 }, () => run(four, SCRIPT + REPORT))
  const hits = await timedAll(atOnce)
  for (const each of hits.results) note('4 pool hits at once, each → first output', firstOutput(each))
  note('4 pool hits at once → all results', hits.ms)
  note('4 pool misses at once → all results', (await timedAll(atOnce)).ms)
  await filled(four, 4)
  await filled(one, 1)
  note(BUSY_FLOOR, await timeOf(() => plain(found, BUSY)))
  note('pool hit, computing → result', (await run(one, BUSY)).timings.total_ms ?? Number.NaN)
}

async function timedAll(start: () => Promise<SandboxResult>[]) {
  const begun = performance.now()
  const results = await Promise.all(start())
  return { results, ms: performance.now() - begun }
}

/** From the call of `run` to the script's first byte. */
function firstOutput({ timings }: SandboxResult): number {
  return (timings.total_ms ?? Number.NaN) - (timings.run_ms ?? 0) + (timings.first_output_ms ?? 0)
}

async function run(sandbox: GvisorSandbox, script: string): Promise<SandboxResult> {
  const options = { signal: new AbortController().signal, deadline: Date.now() + 60_000, user: 'bench' }
  const result = await sandbox.run({ script, files: [], limits: DEFAULT_LIMITS }, options)
  if (result.exitClass !== 'ok') throw new Error(`the script ended as ${result.exitClass}: ${result.stderr}`)
  return result
}

/** Waits until so many sandboxes are ready, and a little for the processors to rest. */
async function filled(sandbox: GvisorSandbox, count: number): Promise<void> {
  const ready = async () => (await sandbox.status(new AbortController().signal)).pool?.ready ?? 0
  while ((await ready()) < count) await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 300))
}

/** The sandbox's own interpreter and packages, as a process of this machine. */
async function plain({ pythonRoot }: FoundSandbox, script: string): Promise<void> {
  await promisify(execFile)(join(pythonRoot, 'opt/python/bin/python3'), ['-S', '-B', '-c', script], {
    env: {
      PYTHONPATH: join(pythonRoot, 'opt/py'),
      LD_LIBRARY_PATH: join(pythonRoot, 'opt/python/lib'),
      OPENBLAS_NUM_THREADS: '1',
    },
  })
}

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

function toRatio(name: string, rounds: readonly ReadonlyMap<string, readonly number[]>[]): Ratio {
  const against = AGAINST[name] ?? FLOOR
  const ofRound = (times: ReadonlyMap<string, readonly number[]>, row: string) =>
    at((times.get(row) ?? []).toSorted(ascending), 0.5)
  const ratios = rounds.map((times) => ofRound(times, name) / ofRound(times, against)).toSorted(ascending)
  const all = rounds.flatMap((times) => times.get(name) ?? []).toSorted(ascending)
  return {
    name,
    ratio: at(ratios, 0.5),
    least: ratios[0] ?? Number.NaN,
    largest: ratios.at(-1) ?? Number.NaN,
    ms: at(all, 0.5),
    p95: at(all, 0.95),
    ...(against === FLOOR ? {} : { against: against === COLD_START ? 'cold' : 'its floor' }),
  }
}

const ascending = (a: number, b: number) => a - b

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
