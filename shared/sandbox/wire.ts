import * as v from 'valibot'
import { AetherError } from '../errors/aether-error.ts'
import { checkJob, invalid } from './check-job.ts'
import { clampLimits } from './limits.ts'
import type { SandboxFile, SandboxJob, SandboxResult, SandboxStatus } from './port.ts'

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

const ResultSchema = v.object({
  exit_class: v.picklist(['ok', 'error', 'timeout', 'memory', 'output', 'killed']),
  exit_code: v.nullable(v.number()),
  error_class: v.nullable(v.string()),
  stdout: v.string(),
  stderr: v.string(),
  result: v.unknown(),
  timings: v.record(v.string(), v.number()),
  tier: v.string(),
})

const StatusSchema = v.object({
  tier: v.picklist(['gvisor', 'unavailable']),
  runsc: v.nullable(v.string()),
  platform: v.nullable(v.string()),
  reason: v.nullable(v.string()),
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
    timings: result.timings,
    tier: result.tier,
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
    timings: output.timings,
    tier: output.tier,
  }
}

/** Reads the answer of `GET /status`; null when it is not one. */
export function parseStatus(body: unknown): SandboxStatus | null {
  const parsed = v.safeParse(StatusSchema, body)
  return parsed.success ? parsed.output : null
}
