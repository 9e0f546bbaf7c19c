import { ANALYSTS } from '../../domain/names.ts'
import { readDataBlock } from '../data-block.ts'
import { focusFor } from './focus.ts'
import { type OfflineReply, say } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import {
  bullet,
  headline,
  inline,
  joinSentences,
  sentencesOf,
  upper,
  withoutSentencesThatHold,
} from './wording.ts'
import { tidy } from './words.ts'

interface LedgerFinding {
  readonly analyst: string
  readonly kind: string
  readonly title: string
  readonly statement: string
}

interface LedgerView {
  readonly question: string
  readonly brief: boolean
  readonly window: string
  readonly findings: readonly LedgerFinding[]
  readonly caveats: readonly string[]
  readonly confidence: { readonly value: number; readonly reason: string | null }
}

const MOST_FINDINGS = 8
/** From here on nothing limits a confidence that deserves the word. */
const SURE = 0.9
/** Findings that were not asked for but put an answer about energy into proportion. */
const CONTEXT = new Set(['total', 'cost', 'quality'])

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
  const found = relevant(ledger)
  const shown = found.filter((finding, i) => i < MOST_FINDINGS || isAboutData(finding))
  const [first, ...others] = shown
  const when = first && needsWindow(first, ledger) ? ledger.window : ''
  const named = when || first?.statement.includes(ledger.window) ? ledger.window : null
  const parts: string[] = []
  if (!first)
    parts.push(`Nothing could be found out about ${ledger.window || 'this'}: there was no usable data.`)
  else parts.push(headline(first.statement, when))
  if (others.length > 0)
    parts.push(others.map((each) => bullet(each.title, each.statement, named)).join('\n'))
  if (first && !named && ledger.window && !shown.every(namesItsTime))
    parts.push(`The days looked at are ${ledger.window}.`)
  if (ledger.caveats.length > 0) parts.push(joinSentences(ledger.caveats))
  if (first) parts.push(confidenceSentence(ledger))
  return parts.join('\n\n')
}

/** What the question is after, and little else; everything where it asks for the whole picture. */
function relevant(ledger: LedgerView): readonly LedgerFinding[] {
  const analysts = ANALYSTS.filter((name) => ledger.findings.some((finding) => finding.analyst === name))
  const focus: readonly string[] = focusFor(ledger.question, analysts)
  const asked = ledger.findings.filter((finding) => focus.includes(finding.kind))
  if (focus.includes('overview') || asked.length === 0) return ledger.findings
  const kept = ledger.findings.filter((finding) => focus.includes(finding.kind) || isContext(finding))
  // The devices of the night stand in its own finding.
  // A comparison states the total already.
  if (focus[0] === 'comparison' && kept.some(isComparison))
    return kept.filter((finding) => finding.kind !== 'total' || focus.includes('total'))
  if (focus.includes('night')) return kept.filter((finding) => finding.kind !== 'devices')
  // Who asks for automations wants ideas, which what is done by hand gives, before how the present ones fit.
  if (focus[0] !== 'automations') return kept
  if (PRESENT.test(ledger.question)) return kept.filter((finding) => finding.kind !== 'routines')
  return kept.toSorted((a, b) => ideas(b) - ideas(a))
}

/** Asks how the automations do that there are. */
const PRESENT =
  /\b(?:un(?:do|does|did|done)|overrid\w*|overrul\w*|revers\w*|annoy\w*|useless|effective\w*|work(?:s|ing)?)\b/i

const isComparison = (finding: LedgerFinding) => finding.kind === 'comparison'

const ideas = (finding: LedgerFinding) => Number(finding.kind === 'routines')

/** Figures about energy are nothing without their days; other findings name their own time, or speak of now. */
const needsWindow = (finding: LedgerFinding, ledger: LedgerView) =>
  finding.analyst === 'energy' && ledger.window !== '' && !finding.statement.includes(ledger.window)

/** What is read as it is now, or names the days that it is about. */
const namesItsTime = ({ kind, statement }: LedgerFinding) =>
  kind === 'battery' || /^(?:From|On) \d/.test(statement)

/** What qualifies the figures is never left out. */
const isAboutData = (finding: LedgerFinding) => finding.analyst === 'energy' && finding.kind === 'quality'

const isContext = (finding: LedgerFinding) => finding.analyst === 'energy' && CONTEXT.has(finding.kind)

/** Two sentences for a voice: what was asked, and what one must know about it. */
function briefAnswer(ledger: LedgerView): string {
  const first = ledger.findings[0]
  if (!first) return `Nothing could be found out about ${ledger.window || 'this'}. ${sources(ledger)}`.trim()
  const [sentence = ''] = sentencesOf(inline(first.statement))
  const when = needsWindow(first, ledger) ? `${ledger.window}: ` : ''
  return `${when}${sentence} ${sources(ledger)}`.trim()
}

const sources = (ledger: LedgerView) => {
  const about = ledger.caveats.join(' ')
  const named = [
    ...(/\bdemo\b/i.test(about) ? ['this is the demo home'] : []),
    ...(/\boffline\b/i.test(about) ? ['the offline model answered'] : []),
  ].join(' and ')
  return named ? `${named.charAt(0).toUpperCase()}${named.slice(1)}.` : ''
}

/** Two sentences, so that a figure of the reason that must go does not take the confidence with it. */
function confidenceSentence(ledger: LedgerView): string {
  const percent = Math.round(ledger.confidence.value * 100)
  const limit = inline(ledger.confidence.reason ?? '').replace(/[.\s]+$/, '')
  if (!limit) return `Confidence: ${percent} %.`
  return `Confidence: ${percent} %. ${ledger.confidence.value >= SURE ? upper(limit) : `It is limited by this: ${limit}`}.`
}

function readLedger(value: unknown): LedgerView {
  const ledger = isRecord(value) ? value : {}
  const confidence = isRecord(ledger.confidence) ? ledger.confidence : {}
  return {
    question: tidy(text(ledger.question)),
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
  return {
    analyst: text(finding.analyst),
    kind: text(finding.kind),
    title: text(finding.title),
    statement: text(finding.statement),
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
