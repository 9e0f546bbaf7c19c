import * as v from 'valibot'
import { AetherError } from '../errors/aether-error.ts'
import { checkJob, invalid } from './check-job.ts'
import { clampLimits } from './limits.ts'
import {
  ARTIFACT_TYPES,
  type PoolStatus,
  type SandboxArtifact,
  type SandboxFile,
  type SandboxJob,
  type SandboxResult,
  type SandboxStatus,
} from './port.ts'

const FileSchema = v.object({
  name: v.string(),
  content: v.optional(v.string()),
  content_base64: v.optional(v.string()),
})

const limit = v.optional(v.pipe(v.number(), v.finite()))

const RequestSchema = v.object({
  script: v.string(),
  files: v.optional(v.array(FileSchema), []),
  limits: v.optional(v.object({ wall_ms: limit, cpu_s: limit, memory_mb: limit, output_bytes: limit }), {}),
})

const NameAndReason = v.object({ name: v.string(), reason: v.string() })
const Artifact = v.object({
  name: v.string(),
  type: v.picklist(ARTIFACT_TYPES),
  bytes: v.number(),
  content: v.optional(v.string()),
  content_base64: v.optional(v.string()),
})
const ReportedMetric = v.object({
  name: v.string(),
  value: v.nullable(v.number()),
  unit: v.string(),
  at: v.nullable(v.string()),
})
const Telemetry = v.object({
  spans: v.array(v.object({ name: v.string(), start: v.number(), end: v.number() })),
  counters: v.record(v.string(), v.number()),
})

const ResultSchema = v.object({
  exit_class: v.picklist(['ok', 'error', 'timeout', 'memory', 'output', 'killed']),
  exit_code: v.nullable(v.number()),
  error_class: v.nullable(v.string()),
  stdout: v.string(),
  stderr: v.string(),
  result: v.unknown(),
  metrics: v.optional(v.array(ReportedMetric), []),
  artifacts: v.optional(v.array(Artifact), []),
  artifacts_refused: v.optional(v.array(NameAndReason), []),
  timings: v.record(v.string(), v.number()),
  tier: v.string(),
  telemetry: v.optional(Telemetry, { spans: [], counters: {} }),
})

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Pool = v.object({
  size: count,
  ready: count,
  starting: count,
  running: count,
  parallel: count,
  queued: count,
  queue_limit: count,
  hits: count,
  misses: count,
  refill_ms: v.nullable(v.number()),
  refill_by: v.nullable(v.picklist(['start', 'restore'])),
})

const StatusSchema = v.object({
  tier: v.picklist(['gvisor', 'unavailable']),
  runsc: v.nullable(v.string()),
  platform: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  rootless: v.optional(v.boolean()),
  notes: v.optional(v.array(v.string())),
  pool: v.optional(Pool),
})

/**
 * Reads the body of `POST /run`: shape, names and sizes are checked, limits are brought into their ranges.
 * Throws INVALID_INPUT with path and reason, or TOO_LARGE.
 */
export function parseRunRequest(body: unknown): SandboxJob {
  const parsed = v.safeParse(RequestSchema, body)
  if (!parsed.success) throw toInvalidInput(parsed.issues[0])
  const { script, files, limits } = parsed.output
  const job = {
    script,
    files: files.map(fromWireFile),
    limits: clampLimits({
      wallMs: limits.wall_ms,
      cpuS: limits.cpu_s,
      memoryMb: limits.memory_mb,
      outputBytes: limits.output_bytes,
    }),
  }
  checkJob(job)
  return job
}

function fromWireFile(file: v.InferOutput<typeof FileSchema>, index: number): SandboxFile {
  const { name, content, content_base64: base64 } = file
  if (content !== undefined && base64 === undefined) return { name, content }
  if (base64 !== undefined && content === undefined) return { name, content: base64, encoding: 'base64' }
  throw invalid(`files[${index}]`, 'it has either content or content_base64')
}

/** The fault's path and kind; valibot's own message is left out, for it quotes the value. */
function toInvalidInput(issue: v.BaseIssue<unknown>): AetherError {
  const path = v.getDotPath(issue)?.replace(/\.(\d+)(?=\.|$)/g, '[$1]')
  if (path === undefined) return new AetherError('INVALID_INPUT', 'The body must be a JSON object.')
  return invalid(path, `expected ${issue.expected ?? 'another value'}`)
}

/** The body of `POST /run` for a job. */
export function toRunRequest({ script, files, limits }: SandboxJob) {
  return {
    script,
    files: files.map(({ name, content, encoding }) =>
      encoding === 'base64' ? { name, content_base64: content } : { name, content },
    ),
    limits: {
      wall_ms: limits.wallMs,
      cpu_s: limits.cpuS,
      memory_mb: limits.memoryMb,
      output_bytes: limits.outputBytes,
    },
  }
}

/** The answer of `POST /run` for a result of a script that ran. */
export function toRunResponse(result: SandboxResult) {
  return {
    exit_class: result.exitClass,
    exit_code: result.exitCode,
    error_class: result.errorClass ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
    result: result.result ?? null,
    metrics: result.metrics ?? [],
    artifacts: (result.artifacts ?? []).map(({ content, encoding, ...rest }) =>
      encoding === 'base64' ? { ...rest, content_base64: content } : { ...rest, content },
    ),
    artifacts_refused: result.artifactsRefused ?? [],
    timings: result.timings,
    tier: result.tier,
    telemetry: result.telemetry ?? { spans: [], counters: {} },
  }
}

/** Reads the answer of `POST /run`; null when it is not one. */
export function parseRunResponse(body: unknown): SandboxResult | null {
  const parsed = v.safeParse(ResultSchema, body)
  if (!parsed.success) return null
  const { output } = parsed
  return {
    exitClass: output.exit_class,
    exitCode: output.exit_code,
    errorClass: output.error_class,
    stdout: output.stdout,
    stderr: output.stderr,
    result: output.result ?? null,
    metrics: output.metrics,
    artifacts: output.artifacts.map(fromWireArtifact),
    artifactsRefused: output.artifacts_refused,
    timings: output.timings,
    tier: output.tier,
    telemetry: output.telemetry,
  }
}

function fromWireArtifact(artifact: v.InferOutput<typeof Artifact>): SandboxArtifact {
  const { content, content_base64: base64, ...rest } = artifact
  return base64 === undefined
    ? { ...rest, content: content ?? '', encoding: 'utf8' }
    : { ...rest, content: base64, encoding: 'base64' }
}

/** The body of `GET /status`. */
export function toStatusResponse({ pool, ...status }: SandboxStatus) {
  if (pool === undefined) return status
  const { queueLimit, refillMs, refillBy, ...rest } = pool
  return { ...status, pool: { ...rest, queue_limit: queueLimit, refill_ms: refillMs, refill_by: refillBy } }
}

/** Reads the answer of `GET /status`; null when it is not one. */
export function parseStatus(body: unknown): SandboxStatus | null {
  const parsed = v.safeParse(StatusSchema, body)
  if (!parsed.success) return null
  const { pool, rootless, notes, ...status } = parsed.output
  return {
    ...status,
    ...(rootless === undefined ? {} : { rootless }),
    ...(notes === undefined ? {} : { notes }),
    ...(pool === undefined ? {} : { pool: fromWirePool(pool) }),
  }
}

function fromWirePool(pool: v.InferOutput<typeof Pool>): PoolStatus {
  const { queue_limit: queueLimit, refill_ms: refillMs, refill_by: refillBy, ...rest } = pool
  return { ...rest, queueLimit, refillMs, refillBy }
}
