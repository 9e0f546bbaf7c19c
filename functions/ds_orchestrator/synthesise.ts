import { checkProse, removeUnmatched } from '../../shared/analysis/provenance.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import { sayWindow } from '../../shared/domain/time/say.ts'
import type { CallContext } from '../../shared/domain/turn.ts'
import { toWire } from '../../shared/domain/wire.ts'
import { toAetherError } from '../../shared/errors/aether-error.ts'
import { completeText } from '../../shared/llm/complete.ts'
import { dataBlock } from '../../shared/llm/data-block.ts'
import { withoutLinks } from '../../shared/llm/plain-markdown.ts'
import type { ModelMessage } from '../../shared/llm/port.ts'
import type { AgentDeps } from './deps.ts'
import { withEssentials } from './essentials.ts'
import { forPrompt, type Ledger } from './ledger.ts'
import { BRIEF_RULE, REWRITE_RULE, SYNTHESIS_PROMPT } from './prompt.ts'

/**
 * Has the model word the ledger and checks each number of the prose against it: what does not match is named for one
 * rewrite, and what still does not match is taken out. Nothing unchecked leaves this function. A model that fails
 * leaves the findings' own sentences, which is a partial answer that says so.
 */
export async function* synthesise(
  ledger: Ledger,
  model: string | null,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, string> {
  const nonce = deps.newId('call')
  const messages: ModelMessage[] = [
    { role: 'system', content: ledger.brief ? `${SYNTHESIS_PROMPT}\n${BRIEF_RULE}` : SYNTHESIS_PROMPT },
    { role: 'user', content: `${dataBlock('ledger', toWire(forPrompt(ledger)), nonce)}\nWrite the answer.` },
  ]
  try {
    let prose = yield* word(messages, model, deps, call)
    const unmatched = check(prose, ledger)
    if (unmatched.length > 0) {
      const numbers = { numbers: unmatched.map((each) => each.text) }
      const again = `${dataBlock('unmatched', numbers, nonce)}\n${REWRITE_RULE}`
      const rewritten = yield* word(
        [...messages, { role: 'assistant', content: prose }, { role: 'user', content: again }],
        model,
        deps,
        call,
      )
      if (rewritten !== '') prose = rewritten
      prose = removeUnmatched(prose, check(prose, ledger))
    }
    if (prose.trim() !== '') return withEssentials(withoutLinks(prose), ledger)
    return plainAnswer(
      ledger,
      'The language model gave no usable text, so these are the findings in their own words.',
    )
  } catch (thrown) {
    const error = toAetherError(thrown)
    if (error.code !== 'LLM_UNAVAILABLE' || ledger.findings.length === 0) throw thrown
    return plainAnswer(
      ledger,
      'The language model did not answer, so these are the findings in their own words.',
    )
  }
}

async function* word(
  messages: readonly ModelMessage[],
  model: string | null,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, string> {
  const reply = await completeText(deps.llm, { purpose: 'synthesise', messages, model }, call)
  yield { kind: 'usage', service: 'ds_orchestrator', ...reply.usage }
  return reply.text.trim()
}

function check(prose: string, ledger: Ledger) {
  const windows = ledger.compare ? [ledger.window, ledger.compare] : [ledger.window]
  return checkProse(prose, {
    metrics: ledger.metrics,
    windows: [...windows, ...ledger.metrics.map((metric) => metric.window)],
    statements: [
      ...ledger.findings.map((finding) => finding.statement),
      ...ledger.caveats,
      ledger.confidence.reason ?? '',
    ],
    confidences: [ledger.confidence.value, ...ledger.findings.map((finding) => finding.confidence.value)],
  }).unmatched
}

/** The answer without a model: the findings' sentences, the caveats, the confidence. */
function plainAnswer(ledger: Ledger, why: string): string {
  const statements = ledger.findings.map((finding) => `- ${finding.statement}`)
  const confidence = `Confidence: ${Math.round(ledger.confidence.value * 100)} %${ledger.confidence.reason ? ` (${ledger.confidence.reason})` : ''}.`
  return [`For ${sayWindow(ledger.window)}:`, ...statements, '', ...ledger.caveats, why, confidence].join(
    '\n',
  )
}
