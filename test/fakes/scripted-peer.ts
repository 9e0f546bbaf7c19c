import type { Peer, PeerMessage } from '../../shared/a2a/client.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { ServiceName } from '../../shared/domain/names.ts'
import type { CallContext } from '../../shared/domain/turn.ts'

export interface ScriptedPeer extends Peer {
  readonly calls: readonly { readonly message: PeerMessage; readonly context: CallContext }[]
}

/** An agent that yields what its script says: one list a call, the last one repeats; an Error in it is thrown. */
export function createScriptedPeer(
  service: ServiceName,
  scripts: readonly (readonly (AgentYield | Error)[])[],
): ScriptedPeer {
  const calls: { message: PeerMessage; context: CallContext }[] = []
  return {
    service,
    calls,
    async *call(message, context) {
      const script = scripts[Math.min(calls.length, scripts.length - 1)] ?? []
      calls.push({ message, context })
      for (const item of script) {
        if (item instanceof Error) throw item
        yield item.kind === 'output' ? item : { ...item, origin: item.origin ?? service }
      }
    },
  }
}
