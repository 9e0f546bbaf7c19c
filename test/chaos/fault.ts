import type { World, WorldOptions } from './world.ts'

/** One row of the fault table: what is done to the system, how often, and what must hold. */
export interface Fault {
  /** As reliability tables name it. */
  readonly id: string
  readonly title: string
  run(context: FaultContext): Promise<Outcome>
}

export interface FaultContext {
  /** The counts that a release has to hold; else a few of each. */
  readonly full: boolean
  /** A team to do it to. */
  open(options: WorldOptions): Promise<World>
  /** True where there is one team, which others have started and look after. */
  readonly isShared: boolean
  /** Tells the person who waits how far it is. */
  say(line: string): void
}

export interface Outcome {
  /** What was done, with counts. */
  readonly did: string
  /** What was seen, with figures. */
  readonly saw: string
  /** Empty: it held. */
  readonly violations: readonly string[]
}

/** The middle and the largest of some times, as text. */
export function spread(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return `median ${seconds(at(0.5))}, most ${seconds(sorted.at(-1) ?? 0)}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`
}

/** Shares `count` rounds among so many workers, which have nothing else in common. */
export async function inParallel(
  count: number,
  workers: number,
  work: (rounds: number, worker: number) => Promise<void>,
): Promise<void> {
  const share = (worker: number) => Math.floor(count / workers) + (worker < count % workers ? 1 : 0)
  const busy = Array.from({ length: workers }, (_, worker) => worker).filter((worker) => share(worker) > 0)
  await allEnded(busy.map((worker) => work(share(worker), worker)))
}

/** Waits for all, then throws what the first that failed threw: none goes on behind the next fault's back. */
export async function allEnded(works: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(works)
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
