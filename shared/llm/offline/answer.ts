import { readDataBlock } from '../data-block.ts'
import { converse } from './converse.ts'
import { bindFormat } from './json-answer.ts'
import { plainChat } from './plain-chat.ts'
import type { OfflineReply } from './reply.ts'
import type { OfflineRequest } from './request.ts'
import { route } from './route.ts'
import { script } from './script.ts'
import { select } from './select.ts'
import { synthesise } from './synthesise.ts'
import { utility } from './utility.ts'

/** Finds out which task a request is, by the tools offered and the data it holds, and does it. */
export function answer(request: OfflineRequest): OfflineReply {
  const offers = (tool: string) => request.tools.includes(tool)
  if (offers('submit_script')) return script(request)
  if (offers('select_analysts')) return select(request)
  if (offers('route')) return route(request)
  if (offers('analyze') || holdsToolResults(request)) return bindFormat(request, converse(request))
  if (readDataBlock(request.messages, 'ledger', ['user']) !== null) return synthesise(request)
  return utility(request) ?? bindFormat(request, plainChat(request))
}

/** The last round of a conversation with tools may come without any on offer. */
function holdsToolResults(request: OfflineRequest): boolean {
  return request.messages.some((message) => message.role === 'tool')
}
