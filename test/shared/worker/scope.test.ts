import { describe, expect, it } from 'vitest'
import { type Scope, withinScope, withScope } from '../../../shared/worker/scope.ts'

/** A platform's context that remembers what it was told to wait for. */
function createContext() {
  const waits: Promise<unknown>[] = []
  return {
    context: { waitUntil: (work: Promise<unknown>) => void waits.push(work) },
    settled: () => Promise.all(waits),
  }
}

const never = () => {
  throw new Error('nothing was to fail')
}

/** Opens two things and notes in which order what happens. */
function open(scope: Scope, log: string[]): void {
  scope.onClose(async () => void log.push('first closed'))
  scope.onClose(async () => void log.push('second closed'))
  scope.onAnswered(async () => void log.push('answered'))
}

const stream = (...pieces: string[]) =>
  new Response(
    new ReadableStream({
      pull(out) {
        const piece = pieces.shift()
        if (piece === undefined) out.close()
        else out.enqueue(new TextEncoder().encode(piece))
      },
    }),
    { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-own': '1' } },
  )

describe('the scope of a request', () => {
  it('closes what was opened, in the opposite order, once an answer is there', async () => {
    const { context, settled } = createContext()
    const log: string[] = []
    const response = await withScope(
      new Request('http://worker.internal/'),
      context,
      async (scope) => {
        open(scope, log)
        return Response.json({ a: 1 })
      },
      never,
    )
    expect(await response.json()).toEqual({ a: 1 })
    await settled()
    expect(log).toEqual(['answered', 'second closed', 'first closed'])
  })

  it('keeps everything open while a stream is read', async () => {
    const { context, settled } = createContext()
    const log: string[] = []
    const response = await withScope(
      new Request('http://worker.internal/'),
      context,
      async (scope) => {
        open(scope, log)
        return stream('data: 1\n\n', 'data: 2\n\n')
      },
      never,
    )
    expect(response.headers.get('x-own')).toBe('1')
    const reader = response.body!.getReader()
    await reader.read()
    expect(log).toEqual([])
    while (!(await reader.read()).done);
    await settled()
    expect(log).toEqual(['answered', 'second closed', 'first closed'])
  })

  it('ends with a reader that leaves, and tells the source', async () => {
    const { context, settled } = createContext()
    let left: unknown = null
    const log: string[] = []
    const response = await withScope(
      new Request('http://worker.internal/'),
      context,
      async (scope) => {
        open(scope, log)
        const body = new ReadableStream({
          cancel(reason) {
            left = reason
          },
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
      never,
    )
    await response.body!.cancel('enough')
    await settled()
    expect(left).toBe('enough')
    expect(log.at(-1)).toBe('first closed')
  })

  it('ends with a caller that has gone, which only the signal of its request tells', async () => {
    const { context, settled } = createContext()
    const caller = new AbortController()
    let left = false
    const log: string[] = []
    const response = await withScope(
      new Request('http://worker.internal/', { signal: caller.signal }),
      context,
      async (scope) => {
        open(scope, log)
        const body = new ReadableStream({
          cancel() {
            left = true
          },
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
      never,
    )
    expect(response.body).not.toBeNull()
    caller.abort()
    await settled()
    expect(left).toBe(true)
    expect(log.at(-1)).toBe('first closed')
  })

  it('waits for work that goes on after the answer, before it closes anything', async () => {
    const { context, settled } = createContext()
    const log: string[] = []
    const work = Promise.withResolvers<void>()
    await withScope(
      new Request('http://worker.internal/'),
      context,
      async (scope) => {
        open(scope, log)
        scope.waitUntil(work.promise.then(() => log.push('work done')))
        return new Response(null)
      },
      never,
    )
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(log).toEqual(['answered'])
    work.resolve()
    await settled()
    expect(log).toEqual(['answered', 'work done', 'second closed', 'first closed'])
  })

  it('closes after a fault too, and one closer that fails keeps no other open', async () => {
    const { context, settled } = createContext()
    const log: string[] = []
    const faults: unknown[] = []
    const answer = withScope(
      new Request('http://worker.internal/'),
      context,
      async (scope) => {
        open(scope, log)
        scope.onClose(async () => {
          throw new Error('stuck')
        })
        throw new Error('no answer')
      },
      (error) => faults.push(error),
    )
    await expect(answer).rejects.toThrow('no answer')
    await settled()
    expect(log.at(-1)).toBe('first closed')
    expect(faults).toEqual([new Error('stuck')])
  })

  it('waits for work no longer than it is told', async () => {
    const log: string[] = []
    const work = Promise.withResolvers<void>()
    await withinScope(async (scope) => {
      scope.waitUntil(work.promise)
      await scope.idle(1)
      log.push('idle is over')
      work.resolve()
      await scope.idle(60_000)
    }, never)
    expect(log).toEqual(['idle is over'])
  })
})
