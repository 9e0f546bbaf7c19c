import type { AgentYield } from '../../../shared/domain/event.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import { newTraceparent } from '../../../shared/http/trace-context.ts'
import { costOf, type Prices } from '../../../shared/llm/prices.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { CONVERSATION, SESSION, traceTag, USER } from '../../../shared/tracing/attributes.ts'
import type { Tracer } from '../../../shared/tracing/tracer.ts'
import type { Outcome } from './execute-run.ts'

/** The trace of one execution of a run. */
export interface RunTrace {
  /** For what the run calls. */
  readonly traceparent: string
  /** The same items, with a look at each. */
  watch(source: AsyncIterable<AgentYield>): AsyncGenerator<AgentYield>
  /** Ends the trace, with what is worth finding it by. */
  end(outcome: Outcome): void
}

/**
 * Begins the root span of a run. It keeps the trace id of the request, but stands above all: a trace server waits for
 * a root, and the caller's own span goes elsewhere, if anywhere.
 */
export function traceRun(
  run: RunRow,
  { tracer, now, prices }: { readonly tracer: Tracer; readonly now: Now; readonly prices: Prices },
): RunTrace {
  const start = now()
  const { agent } = run.options
  const span = tracer.start({
    name: 'gateway',
    parent: run.traceparent ?? newTraceparent(),
    isRoot: true,
    kind: 'server',
    type: 'CHAIN',
    attributes: {
      [SESSION]: run.conversationId,
      [CONVERSATION]: run.conversationId,
      [USER]: run.owner,
      'aether.run_id': run.id,
      'aether.agent': agent,
    },
    inputs: run.turn?.messages.at(-1)?.content,
  })
  const confidences = new Map<string, number>()
  let attempts = 0
  let tokens = 0
  let cost: number | null = null

  return {
    traceparent: span.traceparent,
    async *watch(source) {
      for await (const item of source) {
        if (item.kind === 'attempt') {
          attempts++
          confidences.set(item.analysisId, item.confidence)
        }
        if (item.kind === 'usage') {
          tokens += item.totalTokens
          const known = costOf(prices, item.model, item)
          if (known) cost = (cost ?? 0) + known.total
        }
        yield item
      }
    },
    end(outcome) {
      const analyses = [...confidences.values()]
      span.set({
        [traceTag('run_id')]: run.id,
        [traceTag('agent')]: agent,
        [traceTag('outcome')]: outcome.kind === 'answered' ? 'answered' : outcome.error.code,
        [traceTag('latency_ms')]: String(now() - start),
        [traceTag('tokens')]: String(tokens),
        [traceTag('cost_usd')]: cost === null ? undefined : cost.toFixed(6),
        ...(analyses.length === 0
          ? {}
          : {
              [traceTag('analyses')]: String(analyses.length),
              [traceTag('attempts')]: String(attempts),
              // An answer is as sure as the analysis that it can be least sure of.
              [traceTag('confidence')]: Math.min(...analyses).toFixed(3),
            }),
      })
      if (outcome.kind === 'answered') span.outputs(outcome.answer)
      span.end(outcome.kind === 'answered' ? undefined : outcome.error)
    },
  }
}
