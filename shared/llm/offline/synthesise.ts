import { readDataBlock } from '../data-block.ts'
import { type OfflineReply, say } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { bullet, headline, inline, joinSentences, sentencesOf, withoutSentencesThatHold } from './wording.ts'

interface LedgerFinding {
  readonly title: string
  readonly statement: string
}

interface LedgerView {
  readonly brief: boolean
  readonly window: string
  readonly findings: readonly LedgerFinding[]
  readonly caveats: readonly string[]
  readonly confidence: { readonly value: number; readonly reason: string | null }
}

const MOST_FINDINGS = 8

/**
 * Words the answer from the block `ledger`: headline first, the other findings in their rank order, the caveats, then
 * the confidence and what limits it. Every sentence with a number comes from the ledger as it stands there. After an
 * `unmatched` block the sentences that hold those numbers are left out.
 */
export function synthesise(request: OfflineRequest): OfflineReply {
  const ledger = readLedger(readDataBlock(request.messages, 'ledger', ['user']))
  const text = ledger.brief ? briefAnswer(ledger) : fullAnswer(ledger)
  const unmatched = readDataBlock(request.messages, 'unmatched', ['user'])
  const numbers = isRecord(unmatched) && Array.isArray(unmatched.numbers) ? unmatched.numbers.map(String) : []
  return say(withoutSentencesThatHold(text, numbers))
}

function fullAnswer(ledger: LedgerView): string {
  const [first, ...others] = ledger.findings.slice(0, MOST_FINDINGS)
  const parts: string[] = []
  if (!first)
    parts.push(`Nothing could be found out about ${ledger.window || 'this'}: there was no usable data.`)
  else parts.push(headline(first.statement, ledger.window))
  if (others.length > 0)
    parts.push(others.map((finding) => bullet(finding.title, finding.statement)).join('\n'))
  if (ledger.caveats.length > 0) parts.push(joinSentences(ledger.caveats))
  if (first) parts.push(confidenceSentence(ledger))
  return parts.join('\n\n')
}

/** Two sentences for a voice: what was asked, and what one must know about it. */
function briefAnswer(ledger: LedgerView): string {
  const first = ledger.findings[0]
  if (!first) return `Nothing could be found out about ${ledger.window || 'this'}. ${sources(ledger)}`.trim()
  const [sentence = ''] = sentencesOf(first.statement)
  return `${withWhen(inline(sentence), ledger.window)} ${sources(ledger)}`.trim()
}

const sources = (ledger: LedgerView) => {
  const about = ledger.caveats.join(' ')
  const named = [
    ...(/\bdemo\b/i.test(about) ? ['this is the demo home'] : []),
    ...(/\boffline\b/i.test(about) ? ['the offline model answered'] : []),
  ].join(' and ')
  return named ? `${named.charAt(0).toUpperCase()}${named.slice(1)}.` : ''
}

const withWhen = (sentence: string, when: string) =>
  when && !sentence.includes(when) ? `${when}: ${sentence}` : sentence

/** Two sentences, so that a figure of the reason that must go does not take the confidence with it. */
function confidenceSentence(ledger: LedgerView): string {
  const percent = Math.round(ledger.confidence.value * 100)
  const limit = inline(ledger.confidence.reason ?? '').replace(/[.\s]+$/, '')
  return `Confidence: ${percent} %.${limit ? ` It is limited by this: ${limit}.` : ''}`
}

function readLedger(value: unknown): LedgerView {
  const ledger = isRecord(value) ? value : {}
  const confidence = isRecord(ledger.confidence) ? ledger.confidence : {}
  return {
    brief: ledger.brief === true,
    window: isRecord(ledger.window) ? text(ledger.window.local) : '',
    findings: (Array.isArray(ledger.findings) ? ledger.findings : []).filter(isRecord).map(readFinding),
    caveats: (Array.isArray(ledger.caveats) ? ledger.caveats : []).filter((each) => typeof each === 'string'),
    confidence: {
      value: typeof confidence.value === 'number' ? confidence.value : 0,
      reason: typeof confidence.reason === 'string' ? confidence.reason : null,
    },
  }
}

function readFinding(finding: Record<string, unknown>): LedgerFinding {
  return { title: text(finding.title), statement: text(finding.statement) }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
