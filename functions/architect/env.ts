import * as v from 'valibot'

const Seconds = (fallback: number) =>
  v.optional(
    v.pipe(v.string(), v.transform(Number), v.number(), v.minValue(1), v.maxValue(3_600)),
    String(fallback),
  )

/** The architect's own variables; home and storage are read where they are made. */
export const ArchitectEnv = v.object({
  DS_ORCHESTRATOR_URL: v.optional(v.pipe(v.string(), v.url()), 'http://ds-orchestrator:8000'),
  LLM_BASE_URL: v.optional(v.pipe(v.string(), v.url())),
  LLM_API_KEY: v.optional(v.string()),
  LLM_MODEL: v.optional(v.string()),
  LLM_FIRST_BYTE_TIMEOUT_S: Seconds(120),
  TURN_TIMEOUT_S: Seconds(300),
})
export type ArchitectEnv = v.InferOutput<typeof ArchitectEnv>
