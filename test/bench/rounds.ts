import { cpus } from 'node:os'

/** One way of doing a thing, measured as the mean time of a call in milliseconds. */
export interface Contender {
  readonly name: string
  /** A function that it resolves to is called outside of the time that counts. */
  run(): Promise<unknown>
  /** Things that one call does, when the time of one of them is wanted. */
  readonly units?: number
}

export interface Ratio {
  readonly name: string
  readonly ratio: number
  readonly least: number
  readonly largest: number
  /** Median milliseconds a call; no claim rests on it. */
  readonly ms: number
  /** The 95th percentile, where rounds are few an upper bound. */
  readonly p95?: number
  /** The 99th percentile of single calls. */
  readonly p99?: number
  /** What `ratio` is taken to, where that is not the floor. */
  readonly against?: string
}

const WINDOW_MS = 200
const MOST_WINDOWS = 15
const IDLE = 0.85

/** Waits, 3 s at most, for a moment in which the machine has little else to do. Whether there was one. */
export async function waitForQuiet(): Promise<boolean> {
  for (let tries = 0; tries < MOST_WINDOWS; tries++) {
    const before = processorTimes()
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS))
    const after = processorTimes()
    if ((after.idle - before.idle) / (after.all - before.all) >= IDLE) return true
  }
  return false
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times)
  const all = times.reduce((sum, each) => sum + each.user + each.nice + each.sys + each.idle + each.irq, 0)
  return { idle: times.reduce((sum, each) => sum + each.idle, 0), all }
}

/**
 * Lets floor and contenders take turns in interleaved rounds after a discarded warm-up, and gives each contender's
 * ratio to the floor of the same round: the median with least and largest.
 */
export async function compareToFloor(
  floor: Contender,
  contenders: readonly Contender[],
  given: { readonly rounds: number; readonly calls: number; readonly warmUp?: number },
): Promise<Ratio[]> {
  const { rounds, calls, warmUp = Math.ceil(calls / 4) } = given
  const all = [floor, ...contenders]
  for (const each of all) await timeOf(each, warmUp)
  const times = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, each] of all.entries()) times[i]?.push(await timeOf(each, calls))
  return all.map((each, i) => {
    const own = times[i] ?? []
    const ratios = own.map((time, round) => time / (times[0]?.[round] ?? time)).toSorted((a, b) => a - b)
    return {
      name: each.name,
      ratio: median(ratios),
      least: ratios[0] ?? Number.NaN,
      largest: ratios.at(-1) ?? Number.NaN,
      ms: median(own.toSorted((a, b) => a - b)),
    }
  })
}

async function timeOf(contender: Contender, calls: number): Promise<number> {
  let total = 0
  for (let i = 0; i < calls; i++) {
    const start = performance.now()
    const after = await contender.run()
    total += performance.now() - start
    if (typeof after === 'function') await after()
  }
  return total / calls / (contender.units ?? 1)
}

/** Such as the 99th percentile of values in any order. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** The middle of values in rising order. */
export function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
