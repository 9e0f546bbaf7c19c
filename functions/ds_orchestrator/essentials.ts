import { findTextDates } from '../../shared/analysis/prose/dates.ts'
import type { Ledger } from './ledger.ts'

/**
 * What an answer must say whoever worded it, added where the prose leaves it out: the days that figures about energy are
 * about, the confidence and what limits it. A spoken answer has no room for them.
 */
export function withEssentials(prose: string, ledger: Ledger): string {
  if (ledger.brief) return prose
  const added: string[] = []
  const aboutEnergy = ledger.findings.some((finding) => finding.analyst === 'energy')
  if (aboutEnergy && !findTextDates(prose).some((date) => date.days.length > 0))
    added.push(`The days looked at are ${ledger.window.local}.`)
  const percent = Math.round(ledger.confidence.value * 100)
  if (!new RegExp(`(?<![\\d.,])${percent}\\s?(?:%|per ?cent)`).test(prose))
    added.push(confidence(ledger, percent))
  return added.length > 0 ? `${prose}\n\n${added.join(' ')}` : prose
}

function confidence(ledger: Ledger, percent: number): string {
  const { reason } = ledger.confidence
  return `Confidence: ${percent} %${reason === null ? '' : ` (${reason})`}.`
}
