import type { Finding } from '../../../shared/domain/finding.ts'
import type { AetherError } from '../../../shared/errors/aether-error.ts'

/**
 * What to add to the text so far when a turn breaks off with findings at hand: the findings themselves, where no text
 * stands yet, then that the answer is not complete and why.
 */
export function partialEnd(text: string, findings: readonly Finding[], error: AetherError): string {
  const gap = `This answer is not complete: ${error.message}`
  if (text.trim() !== '') return `\n\n${gap}`
  return [...findings.map((finding) => finding.statement), gap].join('\n\n')
}
