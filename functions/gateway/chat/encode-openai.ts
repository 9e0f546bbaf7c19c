import { unreachable } from '../../../shared/domain/event.ts'
import { addUsage, NO_USAGE, type TokenUsage } from '../../../shared/domain/run.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import type { StoredEvent } from '../../../shared/storage/runs/rows.ts'
import type { FeedItem } from '../runs/feed-item.ts'
import { fromRunError } from '../runs/run-error.ts'
import { createTextAssembler } from './assemble-text.ts'
import { type ChunkHead, createChunks, DONE } from './chunks.ts'

/** An agent's event on the chat wire. */
export interface AetherEvent {
  readonly v: 1
  readonly seq: number
  readonly at: string
  readonly service: string
  readonly event: StoredEvent['event']
}

/** A step of an answer, the same for the stream and the JSON body. */
export type AnswerStep =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string }
  | { readonly kind: 'event'; readonly event: AetherEvent }
  | {
      readonly kind: 'end'
      readonly answer: string
      readonly analysisIds: readonly string[]
      readonly usage: TokenUsage
    }
  | { readonly kind: 'error'; readonly error: AetherError }

/**
 * A run's feed, read from its beginning, as the steps of an answer; the last one is `end` or `error`. `attempt` is the
 * run's present try. A feed that breaks becomes an error step.
 */
export async function* toAnswer(
  pages: AsyncIterable<readonly FeedItem[]>,
  attempt: number,
): AsyncGenerator<AnswerStep> {
  const read = createReader(attempt)
  try {
    for await (const items of pages)
      for (const item of items)
        for (const step of read(item)) {
          yield step
          if (step.kind === 'end' || step.kind === 'error') return
        }
    // Only a run that was deleted with its conversation has no last event.
    yield { kind: 'error', error: new AetherError('CANCELLED') }
  } catch (thrown) {
    yield { kind: 'error', error: toAetherError(thrown) }
  }
}

/** Reads a run's items one after the other; gives the steps that each one makes. */
function createReader(attempt: number): (item: FeedItem) => readonly AnswerStep[] {
  const assembler = createTextAssembler(attempt)
  let usage = NO_USAGE
  const textStep = (text: string): AnswerStep[] => (text === '' ? [] : [{ kind: 'text', text }])
  return (item) => {
    if (item.kind === 'interrupted') return [{ kind: 'error', error: new AetherError('SERVER_SHUTDOWN') }]
    const { attempt: try_, event } = item.kind === 'live' ? item.live : item.stored
    switch (event.kind) {
      case 'text':
        return textStep(assembler.take({ attempt: try_, offset: event.offset, delta: event.delta }))
      case 'reasoning':
        return [{ kind: 'reasoning', text: event.delta }]
      case 'usage':
        usage = addUsage(usage, {
          promptTokens: event.prompt_tokens,
          completionTokens: event.completion_tokens,
          totalTokens: event.total_tokens,
        })
        return [toStep(item)]
      case 'status':
      case 'delegation':
      case 'finding':
      case 'attempt':
      case 'artifact':
      case 'proposal':
      case 'clarify':
        return [toStep(item)]
      case 'result': {
        const rest = textStep(assembler.finish(event.text))
        return [
          ...rest,
          toStep(item),
          { kind: 'end', answer: event.text, analysisIds: event.analysis_ids, usage },
        ]
      }
      case 'error':
        return [{ kind: 'error', error: fromRunError(event) }]
      default:
        return unreachable(event)
    }
  }
}

function toStep(item: Exclude<FeedItem, { kind: 'interrupted' }>): AnswerStep {
  if (item.kind === 'live') throw new TypeError('only text and reasoning are live')
  const { seq, at, service, event } = item.stored
  return { kind: 'event', event: { v: 1, seq, at: at.toISOString(), service, event } }
}

export interface StreamOptions extends ChunkHead {
  /** Agents' events ride along. */
  readonly events: boolean
  readonly includeUsage: boolean
}

/** Steps as frames of an OpenAI stream: the role first and at once, one end, then `[DONE]`. */
export async function* encodeStream(
  steps: AsyncIterable<AnswerStep>,
  options: StreamOptions,
): AsyncGenerator<string> {
  const chunks = createChunks(options)
  yield chunks.role()
  for await (const step of steps) {
    switch (step.kind) {
      case 'text':
        yield chunks.content(step.text)
        break
      case 'reasoning':
        yield chunks.reasoning(step.text)
        break
      case 'event':
        if (options.events) yield chunks.aether(step.event)
        break
      case 'end':
        yield chunks.finish(step.usage, options.includeUsage) + DONE
        return
      case 'error':
        yield chunks.error(step.error) + DONE
        return
      default:
        unreachable(step)
    }
  }
}
