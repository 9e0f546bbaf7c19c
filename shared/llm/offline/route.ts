import { resolveQuestion } from './question.ts'
import { callTools, type OfflineReply } from './reply.ts'
import type { OfflineRequest } from './request.ts'
import { userTexts } from './user-texts.ts'

const OPTIONS = [
  'Analyze my energy usage',
  'Suggest automations from my routines',
  'Check what is unavailable or low on battery',
  'Show which lights are on',
]

const REASONS = {
  energy: 'the question is about energy',
  behavioral: 'the question is about routines and automations',
  diagnostic: 'the question is about the health of devices',
} as const

/** Decides who answers, or asks back when nobody could tell what is wanted. */
export function route(request: OfflineRequest): OfflineReply {
  const { intent } = resolveQuestion(userTexts(request), null)
  switch (intent.kind) {
    case 'empty':
    case 'vague':
      return callTools({
        name: 'clarify',
        arguments: { question: 'What would you like to know or do?', options: OPTIONS },
      })
    case 'analysis': {
      const [first, ...more] = intent.topics.analysts
      if (!first || more.length > 0) return to('architect', 'several analysts are needed')
      return intent.topics.strong
        ? to(first, REASONS[first])
        : to('architect', 'the question seems to be about energy')
    }
    case 'state':
      return to('architect', 'the question is about the present state of the home')
    case 'change':
      return to('architect', 'something is to be changed, which needs a proposal')
    case 'small_talk':
      return to('architect', 'this is conversation')
    default:
      return to('architect', 'a general question')
  }
}

function to(agent: string, reason: string): OfflineReply {
  return callTools({ name: 'route', arguments: { agent, reason } })
}
