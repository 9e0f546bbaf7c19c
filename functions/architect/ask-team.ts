import type { Analysis } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { AnalystName } from '../../shared/domain/names.ts'
import type { AnalysisQuestion, LocalDates } from '../../shared/domain/turn.ts'
import { fromWire, toWire } from '../../shared/domain/wire.ts'
import { AetherError, toAetherError } from '../../shared/errors/aether-error.ts'
import type { Delegated, ToolContext } from './tools/tool.ts'

export interface TeamQuestion {
  readonly question: string
  readonly analysts: readonly AnalystName[] | null
  readonly window: LocalDates | null
  readonly compare: LocalDates | null
  readonly reason: string
}

/**
 * Hands one question to ds_orchestrator and forwards what it says on the way. Its text is yielded as `text` only where
 * the call is alone and so becomes the answer (offsets count from 0). A team that fails after findings leaves a partial
 * answer that says what is missing; before any finding, or when its process is gone, its typed error is thrown.
 */
export async function* askTeam(
  asked: TeamQuestion,
  context: ToolContext,
): AsyncGenerator<AgentYield, Delegated> {
  const { turn, deps, call } = context
  const question: AnalysisQuestion = {
    runId: turn.runId,
    conversationId: turn.conversationId,
    question: asked.question,
    analysts: asked.analysts,
    window: asked.window,
    compare: asked.compare,
    hints: turn.hints,
  }
  yield {
    kind: 'delegation',
    from: 'architect',
    to: 'ds_orchestrator',
    reason: asked.reason,
    ...(asked.analysts ? { analysts: asked.analysts } : {}),
  }
  const findings: Finding[] = []
  let streamed = ''
  let done: { text: string; analysisIds: readonly string[] } | null = null
  let analysis: Analysis | null = null
  try {
    const message = { text: asked.question, data: { schema: 'aether.question/v1', data: toWire(question) } }
    const events = deps.dsOrchestrator.call(message, {
      ...call,
      messageId: `${call.messageId}.team${context.number}`,
    })
    for await (const item of events) {
      if (item.kind === 'output') {
        if (item.schema === 'aether.analysis/v1') analysis = readAnalysis(item.data)
        yield item
      } else if (item.kind === 'text') {
        if (context.alone) yield { kind: 'text', delta: item.delta, offset: streamed.length }
        streamed += item.delta
      } else if (item.kind === 'result') {
        done = { text: item.text, analysisIds: item.analysisIds }
      } else {
        if (item.kind === 'finding') findings.push(item.finding)
        yield item
      }
    }
    if (!done)
      throw new AetherError(
        'AGENT_UNAVAILABLE',
        'The data-science team ended without an answer. Try again shortly.',
      )
  } catch (thrown) {
    const error = toAetherError(thrown)
    // A run may well find a team again that was lost; whoever asks without one has only this.
    const isLost =
      turn.runId !== '' && (error.code === 'AGENT_UNAVAILABLE' || error.code === 'SERVER_SHUTDOWN')
    if (call.signal.aborted || isLost || findings.length === 0) throw error
    done = { text: partialAnswer(streamed, findings, error), analysisIds: analysis ? [analysis.id] : [] }
  }
  const rest = done.text.startsWith(streamed) ? done.text.slice(streamed.length) : ''
  if (context.alone && rest !== '') yield { kind: 'text', delta: rest, offset: streamed.length }
  return { text: streamed + rest, analysisIds: done.analysisIds, analysis }
}

/** What stands when the team fell silent: the findings in their own words, and what is missing. */
function partialAnswer(streamed: string, findings: readonly Finding[], error: AetherError): string {
  const statements =
    streamed === '' ? findings.map((finding) => `- ${finding.statement}`).join('\n') : streamed
  return `${statements}\n\nThis answer is incomplete: ${error.message}`
}

/** Our own team's output, over an authenticated hop: the shape is theirs by contract (`aether.analysis/v1`). */
function readAnalysis(data: Readonly<Record<string, unknown>>): Analysis {
  return fromWire(data) as Analysis
}
