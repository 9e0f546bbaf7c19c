import { cpus } from 'node:os'

/** One way of doing a thing, measured as the mean time of a call in milliseconds. */
export interface Contender {
  readonly name: string
  /** A function that it resolves to is called outside of the time that counts. */
  run(): Promise<unknown>
  /** Things that one call does, when the time of one of them is wanted. */
  readonly units?: number
}

/** A way that a program of its own measures: the mean milliseconds of so many calls. */
export interface Measured {
  readonly name: string
  mean(calls: number): Promise<number>
}

/** A way whose single calls are compared, by the milliseconds that each of them gives. */
export interface Sampled {
  readonly name: string
  sample(): Promise<number>
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
  /** That to the floor's. */
  readonly p99Ratio?: number
  /** What `ratio` is taken to, where that is not the floor. */
  readonly against?: string
  /** What was counted beside, such as what was lost. */
  readonly counts?: Readonly<Record<string, number>>
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

interface Turns {
  readonly rounds: number
  readonly calls: number
}

/**
 * Lets floor and contenders take turns in interleaved rounds after a discarded warm-up, and gives each contender's
 * ratio to the floor of the same round: the median with least and largest.
 */
export async function compareToFloor(
  floor: Contender | Measured,
  contenders: readonly (Contender | Measured)[],
  given: Turns & { readonly warmUp?: number },
): Promise<Ratio[]> {
  const { rounds, calls, warmUp = Math.ceil(calls / 4) } = given
  const all = [floor, ...contenders]
  for (const each of all) await timeOf(each, warmUp)
  const times = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, each] of all.entries()) times[i]?.push(await timeOf(each, calls))
  return all.map(({ name }, i) => ratioOf(name, times[i] ?? [], times[0] ?? []))
}

async function timeOf(contender: Contender | Measured, calls: number): Promise<number> {
  if ('mean' in contender) return contender.mean(calls)
  let total = 0
  for (let i = 0; i < calls; i++) {
    const start = performance.now()
    const after = await contender.run()
    total += performance.now() - start
    if (typeof after === 'function') await after()
  }
  return total / calls / (contender.units ?? 1)
}

/** The milliseconds of single calls, by contender and round: they take turns call by call, in moments that are quiet. */
export async function sampleRounds(
  contenders: readonly Sampled[],
  { rounds, calls }: Turns,
): Promise<number[][][]> {
  const times = contenders.map((): number[][] => [])
  for (let round = -1; round < rounds; round++) {
    if (round >= 0) await waitForQuiet()
    const own = contenders.map((): number[] => [])
    for (let call = 0; call < calls; call++)
      for (const [i, each] of contenders.entries()) own[i]?.push(await each.sample())
    // The first round warms up.
    if (round >= 0) for (const [i, each] of own.entries()) times[i]?.push(each)
  }
  return times
}

/**
 * The same in batches: each way makes its calls of a round in one go, after a warm-up. There is no waiting between them:
 * a processor that has slept for some tenths of a second takes twice as long for the next hundreds of calls.
 */
export async function sampleBatches(
  contenders: readonly Sampled[],
  { rounds, calls, warmUp }: Turns & { readonly warmUp: number },
): Promise<number[][][]> {
  const batch = async (each: Sampled, count: number) => {
    const own: number[] = []
    for (let call = 0; call < count; call++) own.push(await each.sample())
    return own
  }
  for (const each of contenders) await batch(each, warmUp)
  const times = contenders.map((): number[][] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, each] of contenders.entries()) times[i]?.push(await batch(each, calls))
  return times
}

/** Single calls of a way, by the milliseconds each takes. */
export function timed(name: string, run: () => Promise<unknown>): Sampled {
  return {
    name,
    async sample() {
      const start = performance.now()
      await run()
      return performance.now() - start
    },
  }
}

/** Compares the medians of rounds of single calls, and their 99th percentiles over all rounds. */
export function compareSamples(
  name: string,
  own: readonly (readonly number[])[],
  floor: readonly (readonly number[])[],
): Ratio {
  const middles = (rounds: readonly (readonly number[])[]) => rounds.map((times) => quantile(times, 0.5))
  const p99 = quantile(own.flat(), 0.99)
  return { ...ratioOf(name, middles(own), middles(floor)), p99, p99Ratio: p99 / quantile(floor.flat(), 0.99) }
}

/** A row of what was measured once a round, by the floor of the same rounds. */
export function ratioOf(name: string, own: readonly number[], floor: readonly number[]): Ratio {
  const ratios = own.map((value, round) => value / (floor[round] ?? value)).toSorted((a, b) => a - b)
  return {
    name,
    ratio: median(ratios),
    least: ratios[0] ?? Number.NaN,
    largest: ratios.at(-1) ?? Number.NaN,
    ms: median(own.toSorted((a, b) => a - b)),
  }
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
