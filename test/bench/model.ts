import { once } from 'node:events'
import { startChild } from './child.ts'
import type { Manner } from './model-answer.ts'

/** The model of the bench, in a process of its own. */
export interface BenchModel {
  readonly url: string
  /** How it answers from now on. */
  answer(manner: Manner): Promise<void>
  /** What a call gives, and how long the model itself took to its first delta. One call at a time. */
  withOwnTime<T>(call: () => Promise<T>): Promise<{ value: T; own: number }>
  stop(): Promise<void>
}

/** Starts it. */
export async function startModel(): Promise<BenchModel> {
  const { url, process, stop } = await startChild('model-process.ts')
  return {
    url,
    async answer(manner) {
      const taken = once(process, 'message')
      process.send(manner)
      await taken
    },
    async withOwnTime(call) {
      const told = once(process, 'message') as Promise<[{ ms: number }]>
      const value = await call()
      const [{ ms }] = await told
      return { value, own: ms }
    },
    stop,
  }
}
