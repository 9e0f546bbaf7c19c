import { readDataBlock } from '../data-block.ts'
import { answerAutomations } from './automations.ts'
import { type HomeTime, readHomeTime } from './home-time.ts'
import type { Intent } from './intent.ts'
import { findEntityQuery } from './nouns.ts'
import { splitParts } from './parts.ts'
import { proposeCall, sayProposal } from './proposal.ts'
import { type Question, resolveQuestion } from './question.ts'
import { callTools, type OfflineCall, type OfflineReply, say } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { answerSmallTalk, cannotDo, cannotRead } from './small-talk.ts'
import { answerState } from './states.ts'
import { type ToolResult, toolResults } from './tool-results.ts'
import { userTexts } from './user-texts.ts'
import { listOf, sentencesOf } from './wording.ts'

/**
 * One step of the architect's conversation: reads what the user wants, calls the tools for it, and once their results
 * are there, words them.
 */
export function converse(request: OfflineRequest): OfflineReply {
  const time = readHomeTime(readDataBlock(request.messages, 'home', ['system']))
  const wishes = readDataBlock(request.messages, 'reply', ['system'])
  const brief = isRecord(wishes) && wishes.brief === true
  const questions = questionsOf(request, time)
  const results = toolResults(request)
  if (results.length === 0) return firstStep(questions, brief, request.tools)
  const change = questions.find((question) => question.intent.kind === 'change')?.intent
  const proposed = results.some((result) => result.tool === 'propose_change')
  if (change?.kind === 'change' && !proposed && request.tools.includes('propose_change')) {
    const found = results.findLast((result) => result.tool === 'find_entities')
    const entities = found?.tool === 'find_entities' ? found.entities : []
    if (entities.length > 0 || change.change.automation)
      return callTools(proposeCall(change.change, entities))
  }
  return say(wordResults(questions, results, brief))
}

/** The user's last message as one question, or as several where it asks for several things. */
function questionsOf(request: OfflineRequest, time: HomeTime | null): Question[] {
  const texts = userTexts(request)
  const last = texts.at(-1) ?? ''
  const earlier = texts.slice(0, -1)
  return splitParts(last).map((part) => resolveQuestion([...earlier, part], time))
}

function firstStep(questions: readonly Question[], brief: boolean, tools: readonly string[]): OfflineReply {
  const calls = questions.flatMap((question) => callFor(question)).filter((call) => tools.includes(call.name))
  if (calls.length > 0) return callTools(...calls)
  return say(answerWithoutTools((questions[0] ?? resolveQuestion([], null)).intent, brief))
}

function callFor(question: Question): OfflineCall[] {
  const { intent } = question
  switch (intent.kind) {
    case 'analysis':
      return [
        {
          name: 'analyze',
          arguments: {
            question: question.text,
            analysts: intent.topics.analysts,
            window: question.window,
            compare: question.compare,
          },
        },
      ]
    case 'state':
      return [findCall(intent.query)]
    case 'automations':
      return [{ name: 'get_automations', arguments: { query: '' } }]
    case 'change': {
      const query = findEntityQuery(intent.change.wish.replace(VERB_WORDS, ' '))
      return [findCall(query)]
    }
    default:
      return []
  }
}

/** Words of a wish that say what to do, and not to what. */
const VERB_WORDS =
  /\b(?:turn|switch|set|put|dim|brighten|open|close|shut|lock|unlock|start|stop|run|play|pause|raise|lower|increase|decrease|reduce|change|create|make|add|write|schedule|automation|automate|automatically|that|when|if|every|each|day|morning|evening|night|sunset|sunrise|percent|degrees?|down|new|activate|deactivate|enable|disable|toggle|\d+(?:[.:]\d+)?\s*(?:%|°c?|am|pm)?)(?=\s|$|[.,!?])/gi

function findCall(query: ReturnType<typeof findEntityQuery>): OfflineCall {
  return {
    name: 'find_entities',
    arguments: {
      query: query.query,
      ...(query.domain ? { domain: query.domain } : {}),
      ...(query.deviceClass ? { device_class: query.deviceClass } : {}),
    },
  }
}

function answerWithoutTools(intent: Intent, brief: boolean): string {
  switch (intent.kind) {
    case 'small_talk':
      return answerSmallTalk(intent.talk, brief)
    case 'foreign':
      return cannotRead(intent.language)
    case 'beyond':
      return intent.says
    case 'empty':
    case 'vague':
      return 'What would you like to know? I can look into energy, routines, the health of your devices, or the state of anything in this home.'
    default:
      return cannotDo(brief)
  }
}

/** Results and questions stand in the same order; a proposal's search is part of the proposal. */
function wordResults(questions: readonly Question[], results: readonly ToolResult[], brief: boolean): string {
  const asking = questions.filter((question) => callFor(question).length > 0)
  const texts = results.map((result, i) => wordResult(asking[i] ?? asking.at(-1), result, brief))
  return texts.filter(Boolean).join('\n\n') || cannotDo(brief)
}

function wordResult(question: Question | undefined, result: ToolResult, brief: boolean): string {
  const intent = question?.intent
  switch (result.tool) {
    case 'analyze':
      return brief ? shortened(result.text) : result.text
    case 'get_automations': {
      const text = answerAutomations(result.automations, result.total)
      return brief ? shortened(text) : text
    }
    case 'propose_change':
      return sayProposal(result, brief)
    case 'find_entities':
      if (question && intent?.kind === 'state') {
        const text = answerState(question.text, intent.query, result)
        return brief ? shortened(text) : text
      }
      return intent?.kind === 'change' && result.entities.length === 0 && !intent.change.automation
        ? 'I found nothing in this home that this wish could be about, so there is nothing to propose. Nothing has been changed.'
        : ''
    case 'error':
      return result.message
  }
}

/** For a voice: the first sentence, a list as one line. */
function shortened(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const items = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2))
  if (items.length > 0 && lines[0]?.endsWith(':')) return `${listOf(items.slice(0, 4))}.`
  return sentencesOf(lines[0] ?? '')[0] ?? ''
}
