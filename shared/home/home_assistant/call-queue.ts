import { LinkFault } from './fault.ts'

/** Lets at most so many calls run at once; the others wait their turn, in order, and not more than fit the queue. */
export interface CallQueue {
  /** Runs a call when it is its turn. Rejects with LinkFault `busy`, or with the signal's reason while it waits. */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>
  readonly waiting: number
}

export function createCallQueue(limits: { readonly atOnce: number; readonly waiting: number }): CallQueue {
  let running = 0
  const turns: (() => void)[] = []

  function takeTurn(signal: AbortSignal): Promise<void> {
    if (running < limits.atOnce) {
      running++
      return Promise.resolve()
    }
    if (turns.length >= limits.waiting) return Promise.reject(new LinkFault('busy'))
    return new Promise((resolve, reject) => {
      const leave = () => {
        turns.splice(turns.indexOf(turn), 1)
        reject(signal.reason)
      }
      const turn = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      turns.push(turn)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  return {
    async run(call, signal) {
      signal.throwIfAborted()
      await takeTurn(signal)
      try {
        return await call()
      } finally {
        const next = turns.shift()
        // The turn is handed on, so the count of running calls stays.
        if (next) next()
        else running--
      }
    },
    get waiting() {
      return turns.length
    },
  }
}
