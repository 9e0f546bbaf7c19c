import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type FoundSandbox, findSandbox } from '../../infrastructure/gvisor/find.ts'
import { createGvisorSandbox, type GvisorSandbox } from '../../infrastructure/gvisor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type { SandboxResult } from '../../shared/sandbox/port.ts'
import type { Ratio } from './rounds.ts'

const ROUNDS = 9
const SCRIPT = [
  'import numpy, pandas',
  'print("first", flush=True)',
  'total = int(pandas.Series(numpy.arange(100)).sum())',
].join('\n')
const REPORT = '\nimport aether; aether.result({"total": total})'
/** About half a second of pure computing. */
const BUSY = 'x = 0\nfor i in range(6_000_000): x += i * i % 7\nprint(x, flush=True)'

const FLOOR = 'floor: plain Python with pandas'
const BUSY_FLOOR = 'floor: plain Python, computing'

/**
 * Scripts in the sandbox against the same interpreter without one (target P6): cold, from the pool, when the pool is empty,
 * several at once; and how long a new waiting sandbox takes. Each in turn in every round.
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
  const times = new Map<string, number[]>()
  const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms])
  try {
    for (let round = -1; round < ROUNDS; round++) {
      await measure(found, { cold, one, four }, note)
      // The first round warms caches and is not counted.
      if (round < 0) times.clear()
    }
  } finally {
    await Promise.all([cold, one, four].map((sandbox) => sandbox.close()))
  }
  return [...times].map(([name, own]) => toRatio(name, own, times.get(baseOf(name)) ?? own))
}

async function measure(
  found: FoundSandbox,
  sandboxes: Readonly<Record<'cold' | 'one' | 'four', GvisorSandbox>>,
  note: (name: string, ms: number) => void,
): Promise<void> {
  const { cold, one, four } = sandboxes
  note(FLOOR, await timeOf(() => plain(found, SCRIPT)))
  const fresh = await run(cold, SCRIPT + REPORT)
  note('runsc cold → first output', firstOutput(fresh))
  note('runsc cold → result', fresh.timings.total_ms ?? Number.NaN)
  await filled(one, 1)
  const hit = await run(one, SCRIPT + REPORT)
  note('pool hit → first output', firstOutput(hit))
  note('pool hit → result', hit.timings.total_ms ?? Number.NaN)
  await filled(one, 1)
  note('refill (off the path)', (await one.status(new AbortController().signal)).pool?.refillMs ?? Number.NaN)
  const [, miss] = await Promise.all([run(one, SCRIPT + REPORT), run(one, SCRIPT + REPORT)])
  note('pool miss → first output', firstOutput(miss))
  note('pool miss → result', miss.timings.total_ms ?? Number.NaN)
  await filled(four, 4)
  note(
    'pool hits, 4 at once → all results',
    await timeOf(() => Promise.all(Array.from({ length: 4 }, () => run(four, SCRIPT + REPORT)))),
  )
  note(
    'pool empty, 4 at once → all results',
    await timeOf(() => Promise.all(Array.from({ length: 4 }, () => run(four, SCRIPT + REPORT)))),
  )
  await filled(four, 4)
  await filled(one, 1)
  note(BUSY_FLOOR, await timeOf(() => plain(found, BUSY)))
  note('pool hit, computing → result', (await run(one, BUSY)).timings.total_ms ?? Number.NaN)
}

function baseOf(name: string): string {
  return name.includes('computing') ? BUSY_FLOOR : FLOOR
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

function toRatio(name: string, own: readonly number[], floor: readonly number[]): Ratio {
  const ratios = own.map((ms, round) => ms / (floor[round] ?? Number.NaN)).toSorted((a, b) => a - b)
  const sorted = own.toSorted((a, b) => a - b)
  const at = (list: readonly number[], part: number) =>
    list[Math.min(list.length - 1, Math.floor(list.length * part))] ?? Number.NaN
  return {
    name,
    ratio: at(ratios, 0.5),
    least: ratios[0] ?? Number.NaN,
    largest: ratios.at(-1) ?? Number.NaN,
    ms: at(sorted, 0.5),
    p95: at(sorted, 0.95),
  }
}
