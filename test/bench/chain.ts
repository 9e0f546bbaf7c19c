import type { Peer } from '../../shared/a2a/client.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import { context, createAgent, overSocket, peerOf, pieces, type Run } from './echo-agent.ts'
import { createRawServer, listenAnywhere, openRawClient } from './raw-hop.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

/** The agents between the gateway and the one that speaks. */
const CHAIN: readonly ServiceName[] = ['ds_analysts', 'ds_orchestrator', 'architect']

/**
 * Time to the first token that three hops add (target P2): each agent hands on what the next one says, and the last
 * one's model is instant. All sockets are in this process, so the hops share one core with their caller.
 */
export async function benchChain(): Promise<Ratio[]> {
  const server = createRawServer()
  const raw = openRawClient(await listenAnywhere(server))
  const closers: (() => Promise<void>)[] = [async () => void server.close(), raw.close]
  let inProcess: Peer | null = null
  let distributed: Peer | null = null
  for (const service of CHAIN) {
    const local = inProcess
    const remote = distributed
    inProcess = peerOf(
      service,
      'http://bench.internal',
      createAgent(service, local ? handOn(local) : pieces(3)),
    )
    const there = await overSocket(service, createAgent(service, remote ? handOn(remote) : pieces(3)))
    distributed = there.peer
    closers.push(there.close)
  }
  const first = (peer: Peer | null) => () => firstToken(peer as Peer)
  try {
    return await compareToFloor(
      { name: 'floor: one raw hop, undici, JSON', run: raw.call },
      [
        { name: 'first token through 3 agents, one process', run: first(inProcess) },
        { name: 'first token through 3 agents, HTTP', run: first(distributed) },
      ],
      { rounds: 9, calls: 100 },
    )
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

const handOn = (peer: Peer): Run =>
  async function* (text, call) {
    for await (const item of peer.call({ text }, { ...call, messageId: `${call.messageId}.x` })) yield item
  }

/** The time that counts ends with the first token; the rest is read outside of it. */
async function firstToken(peer: Peer): Promise<() => Promise<void>> {
  const items = peer.call({ text: 'hi' }, context())
  for (;;) {
    const { done, value } = await items.next()
    if (done) throw new Error('no token came')
    if (value.kind !== 'text') continue
    return async () => {
      while (!(await items.next()).done);
    }
  }
}
