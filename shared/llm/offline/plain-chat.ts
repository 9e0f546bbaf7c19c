import { readIntent } from './intent.ts'
import { type OfflineReply, say } from './reply.ts'
import type { OfflineRequest } from './request.ts'
import { answerSmallTalk, cannotDo, cannotRead } from './small-talk.ts'
import { userTexts } from './user-texts.ts'

/** A chat without tools or data: small talk, or an honest no. */
export function plainChat(request: OfflineRequest): OfflineReply {
  const intent = readIntent(userTexts(request).at(-1) ?? '')
  if (intent.kind === 'small_talk') return say(answerSmallTalk(intent.talk, false))
  if (intent.kind === 'foreign') return say(cannotRead(intent.language))
  return say(cannotDo(false))
}
