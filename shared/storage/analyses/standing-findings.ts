import type { Finding } from '../../domain/finding.ts'

const subjectOf = (finding: Finding) => `${finding.analyst}/${finding.kind}/${finding.entities.join(',')}`

/**
 * Of findings in the order in which they were made, those that stand: one about the same thing (analyst, kind,
 * entities) takes the place of an earlier one when it is at least as sure.
 */
export function standingFindings(all: readonly Finding[]): Finding[] {
  const standing = new Map<string, Finding>()
  for (const finding of all) {
    const earlier = standing.get(subjectOf(finding))
    if (!earlier || finding.confidence.value >= earlier.confidence.value)
      standing.set(subjectOf(finding), finding)
  }
  return [...standing.values()]
}
