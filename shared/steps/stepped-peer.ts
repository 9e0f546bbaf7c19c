import type { Peer, PeerMessage } from '../a2a/client.ts'
import type { AgentYield } from '../domain/event.ts'
import type { CallContext } from '../domain/turn.ts'
import type { Steps } from './step-log.ts'

/** A peer whose finished calls are not made again: what it yielded is yielded once more, but for tokens and reasoning. */
export function steppedPeer(peer: Peer, steps: Steps): Peer {
  return { service: peer.service, call: (message, context) => call(peer, steps, message, context) }
}

async function* call(
  peer: Peer,
  steps: Steps,
  message: PeerMessage,
  context: CallContext,
): AsyncGenerator<AgentYield, void, undefined> {
  const name = `agent ${peer.service}`
  const before = await steps.next(name)
  if (before) {
    yield* before.output as AgentYield[]
    return
  }
  const kept: AgentYield[] = []
  for await (const item of peer.call(message, context)) {
    keep(kept, item)
    // The result is the last thing that it says; once it is passed on, nobody may come back for what follows.
    if (item.kind === 'result') await steps.done(name, kept)
    yield item
  }
}

/** Pieces of text that follow one another are kept as one. */
function keep(kept: AgentYield[], item: AgentYield): void {
  if (item.kind === 'usage' || item.kind === 'reasoning') return
  const last = kept.at(-1)
  if (item.kind === 'text' && last?.kind === 'text' && last.offset + last.delta.length === item.offset)
    kept[kept.length - 1] = { ...last, delta: last.delta + item.delta }
  else kept.push(item)
}
