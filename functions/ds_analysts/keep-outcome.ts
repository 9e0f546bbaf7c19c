import type { ScriptArtifact, ScriptRun } from '../../shared/domain/analysis.ts'
import type { SandboxArtifact, SandboxResult } from '../../shared/sandbox/port.ts'

/** What a script leaves travels to our caller in one event with all else of a try, and an event may have 4 MiB. */
const ARTIFACTS_BYTES = 131_072
const METRICS = 50

type Kept = Omit<ScriptRun, 'id' | 'analyst' | 'attempt' | 'code' | 'files' | 'errorClass'>

/** What of a sandbox's answer is kept with the analysis: artifacts in their order as far as they fit, the others by name. */
export function keepOutcome(outcome: SandboxResult): Kept {
  const { exitClass, stdout, stderr, result, timings, tier } = outcome
  const artifacts: ScriptArtifact[] = []
  const refused = [...(outcome.artifactsRefused ?? [])]
  let left = ARTIFACTS_BYTES
  for (const artifact of outcome.artifacts ?? []) {
    if (artifact.content.length > left) {
      refused.push({ name: artifact.name, reason: 'too large to be kept with the analysis' })
      continue
    }
    left -= artifact.content.length
    artifacts.push(toKept(artifact))
  }
  const metrics = (outcome.metrics ?? []).slice(0, METRICS)
  return { exitClass, stdout, stderr, result, metrics, artifacts, artifactsRefused: refused, timings, tier }
}

function toKept({ type, ...artifact }: SandboxArtifact): ScriptArtifact {
  return { ...artifact, mediaType: type }
}
