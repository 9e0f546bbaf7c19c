import type { OfflineRequest } from './request.ts'
import { mendSpelling } from './spelling.ts'
import { tidy } from './words.ts'

/** Most of a conversation that rules look back at. */
const MOST = 20

/** What the user has said, oldest first, slips of the pen mended. */
export function userTexts(request: OfflineRequest): string[] {
  return request.messages
    .filter((message) => message.role === 'user')
    .slice(-MOST)
    .map((message) => mendSpelling(tidy(message.content)))
}
