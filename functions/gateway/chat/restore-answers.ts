import type { ChatMessage } from '../../../shared/domain/turn.ts'

/**
 * Puts in answers that the client never got whole: where a question of its history is followed by no answer, or by the
 * beginning of the one that its run ended with, the stored answer stands there. The client's wording wins otherwise.
 */
export function restoreAnswers<T extends ChatMessage>(
  messages: readonly T[],
  askedAt: ReadonlyMap<number, string>,
  answers: ReadonlyMap<string, string>,
): ChatMessage[] {
  const out: ChatMessage[] = []
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]
    if (message === undefined) continue
    out.push({ role: message.role, content: message.content })
    const stored = answers.get(askedAt.get(i) ?? '')
    if (stored === undefined) continue
    const next = messages[i + 1]
    if (next?.role !== 'assistant') out.push({ role: 'assistant', content: stored })
    else if (next.content.length < stored.length && stored.startsWith(next.content)) {
      out.push({ role: 'assistant', content: stored })
      i++
    }
  }
  return out
}
