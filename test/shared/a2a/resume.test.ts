import { expect, test } from 'vitest'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Fetch } from '../../../shared/http/fetch.ts'
import { callContext, collect, type Harness, result, scriptedAgent } from './scripted-agent.ts'

const tick = () => new Promise((resolve) => setTimeout(resolve, 1))

/** An agent that says something of every kind. */
function talker(onRun: () => void = () => {}, ids = 'a') {
  let count = 0
  const run = async function* (): AsyncGenerator<AgentYield> {
    onRun()
    yield { kind: 'status', text: 'begins' }
    await tick()
    for (const [i, word] of ['Hello ', 'you ', 'there'].entries()) {
      yield { kind: 'text', delta: word, offset: [0, 6, 10][i] ?? 0 }
      await tick()
    }
    yield { kind: 'output', schema: 'aether.finding/v1', data: { number: 1 } }
    yield { kind: 'output', schema: 'aether.finding/v1', data: { number: 2 } }
    await tick()
    yield { kind: 'status', text: 'almost' }
    yield result('Hello you there')
  }
  return scriptedAgent(run, { graceMs: 60_000, newId: (prefix) => `${prefix}_${ids}${++count}` })
}

/** Cuts the first streams, each after so many bytes; the rest come whole. */
function cutting(agent: Harness, cuts: number[], before: () => void = () => {}): Fetch {
  return async (request) => {
    const cut = cuts.shift()
    const response = await agent.app.fetch(request)
    if (cut === undefined || !response.body) return response
    let left = cut
    const stream = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, out) {
          out.enqueue(chunk.subarray(0, left))
          left -= chunk.byteLength
          if (left > 0) return
          before()
          out.error(new TypeError('reset'))
        },
      }),
    )
    return new Response(stream, { headers: response.headers })
  }
}

/** Events with neighbouring pieces of text as one, for a late reader gets them so. */
function joined(events: readonly AgentYield[]): AgentYield[] {
  const all: AgentYield[] = []
  for (const event of events) {
    const last = all.at(-1)
    if (event.kind === 'text' && last?.kind === 'text') {
      expect(event.offset).toBe(last.offset + last.delta.length)
      all[all.length - 1] = { ...last, delta: last.delta + event.delta }
    } else all.push(event)
  }
  return all
}
const textOf = (events: readonly AgentYield[]) =>
  events.map((event) => (event.kind === 'text' ? event.delta : '')).join('')
const withoutText = (events: readonly AgentYield[]) => events.filter((event) => event.kind !== 'text')

/** Bytes of a whole stream. */
async function lengthOf(agent: Harness): Promise<number> {
  let length = 0
  const counting: Fetch = async (request) => {
    const response = await agent.app.fetch(request)
    const copy = response.clone()
    length = (await copy.arrayBuffer()).byteLength
    return response
  }
  await collect(agent.peer({ fetch: counting }).call({ text: 'hi' }, callContext()))
  return length
}

test('wherever a stream breaks, all comes once, in order, from one run', async () => {
  const whole = joined(await collect(talker().peer().call({ text: 'hi' }, callContext())))
  const length = await lengthOf(talker())
  for (let at = 500; at < length - 10; at += 239) {
    let runs = 0
    const agent = talker(() => runs++)
    const events = await collect(
      agent.peer({ fetch: cutting(agent, [at]) }).call({ text: 'hi' }, callContext()),
    )
    expect(withoutText(events)).toEqual(withoutText(whole))
    expect(textOf(events)).toBe('Hello you there')
    expect(joined(events.filter((event) => event.kind === 'text'))).toHaveLength(1)
    expect(runs).toBe(1)
  }
})

test('a stream that breaks again and again is given up', async () => {
  const agent = talker()
  const peer = agent.peer({
    fetch: cutting(
      agent,
      Array.from({ length: 20 }, () => 800),
    ),
  })
  await expect(collect(peer.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
  })
})

test('a budget without retries takes nothing up', async () => {
  const agent = talker()
  const budget = { onRequest() {}, tryTake: () => false }
  const peer = agent.peer({ fetch: cutting(agent, [800]), budget })
  await expect(collect(peer.call({ text: 'hi' }, callContext()))).rejects.toMatchObject({
    code: 'AGENT_UNAVAILABLE',
  })
})

test('a task that began anew is taken where the first had said nothing yet, and else refused', async () => {
  const [one, two] = [talker(), talker(undefined, 'b')]
  /** The first stream is of one process, the others of another, which does not know the task. */
  const moving = (cut: number): Fetch => {
    const first = cutting(one, [cut])
    let count = 0
    return (request) => (count++ === 0 ? first(request) : Promise.resolve(two.app.fetch(request)))
  }
  const early = await collect(two.peer({ fetch: moving(800) }).call({ text: 'hi' }, callContext()))
  expect(early.filter((event) => event.kind === 'result')).toHaveLength(1)
  const late = two.peer({ fetch: moving(2_600) }).call({ text: 'hi' }, callContext())
  const seen: AgentYield[] = []
  const read = async () => {
    for await (const event of late) seen.push(event)
  }
  await expect(read()).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' })
  expect(seen.filter((event) => event.kind === 'output').length).toBeLessThan(3)
})

test('whoever leaves says so, and the same message then starts anew', async () => {
  let runs = 0
  const ended = Promise.withResolvers<void>()
  const agent = scriptedAgent(
    async function* (_input, call) {
      call.signal.addEventListener('abort', () => ended.resolve())
      yield { kind: 'status', text: `run ${++runs}` }
      if (runs === 1) await new Promise(() => {})
      yield result('x')
    },
    { graceMs: 60_000 },
  )
  const context = callContext()
  for await (const _ of agent.peer().call({ text: 'hi' }, context)) break
  await ended.promise
  const events = await collect(agent.peer().call({ text: 'hi' }, context))
  expect(events.map((event) => event.kind)).toEqual(['status', 'result'])
  expect(runs).toBe(2)
})
