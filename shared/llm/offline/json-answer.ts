import { type OfflineReply, say } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { type ResultMetric, toolResults } from './tool-results.ts'

/** A value that the rules cannot give without making it up. */
class CannotFill extends Error {}

/**
 * Makes a text answer bare JSON where the request binds it to a format: `{"answer": …}` for `json_object`, the schema's
 * own shape for `json_schema`. What cannot be filled honestly becomes `{"error": …}`.
 */
export function bindFormat(request: OfflineRequest, reply: OfflineReply): OfflineReply {
  const format = request.responseFormat
  if (reply.kind !== 'text' || !format) return reply
  if (format.type === 'json_object') return say(JSON.stringify({ answer: reply.text }))
  if (format.type !== 'json_schema') return reply
  const holder = isRecord(format.json_schema) ? format.json_schema : {}
  const schema = isRecord(holder.schema) ? holder.schema : {}
  const metrics = toolResults(request).flatMap((result) => (result.tool === 'analyze' ? result.metrics : []))
  try {
    return say(JSON.stringify(fill(schema, '', { text: reply.text, metrics, root: schema })))
  } catch (thrown) {
    if (!(thrown instanceof CannotFill)) throw thrown
    return say(JSON.stringify({ error: thrown.message, answer: reply.text }))
  }
}

interface Source {
  readonly text: string
  readonly metrics: readonly ResultMetric[]
  readonly root: Record<string, unknown>
}

const MOST_DEPTH = 8

function fill(schema: Record<string, unknown>, path: string, source: Source, depth = 0): unknown {
  if (depth > MOST_DEPTH) throw cannot(path)
  const target = resolveRef(schema, source.root)
  if ('const' in target) return target.const
  if (Array.isArray(target.enum)) return chooseFrom(target.enum, path, source.text)
  const options = [target.anyOf, target.oneOf].find(Array.isArray)
  if (options) return fillAny(options.filter(isRecord), path, source, depth)
  const types = Array.isArray(target.type) ? target.type : [target.type]
  const nullable = types.includes('null')
  try {
    return fillType(
      types.find((type) => type !== 'null'),
      target,
      path,
      source,
      depth,
    )
  } catch (thrown) {
    if (thrown instanceof CannotFill && nullable) return null
    throw thrown
  }
}

function fillType(
  type: unknown,
  schema: Record<string, unknown>,
  path: string,
  source: Source,
  depth: number,
): unknown {
  switch (type) {
    case 'string':
      return typeof schema.maxLength === 'number' ? source.text.slice(0, schema.maxLength) : source.text
    case 'boolean':
      return yesOrNo(source.text, path)
    case 'integer':
    case 'number': {
      const value = metricFor(path, source.metrics)
      return type === 'integer' ? Math.round(value) : value
    }
    case 'array':
      return fillList(schema, path, source, depth)
    case undefined:
      return isRecord(schema.properties) ? fillObject(schema, path, source, depth) : source.text
    case 'object':
      return fillObject(schema, path, source, depth)
    default:
      throw cannot(path)
  }
}

function fillObject(
  schema: Record<string, unknown>,
  path: string,
  source: Source,
  depth: number,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const required = Array.isArray(schema.required) ? schema.required : []
  for (const [key, inner] of Object.entries(isRecord(schema.properties) ? schema.properties : {})) {
    try {
      out[key] = fill(isRecord(inner) ? inner : {}, path ? `${path}.${key}` : key, source, depth + 1)
    } catch (thrown) {
      if (!(thrown instanceof CannotFill) || required.includes(key)) throw thrown
    }
  }
  return out
}

/** One item where one can be made; else an empty list, unless the schema wants more. */
function fillList(schema: Record<string, unknown>, path: string, source: Source, depth: number): unknown[] {
  try {
    return [fill(isRecord(schema.items) ? schema.items : {}, path, source, depth + 1)]
  } catch (thrown) {
    if (thrown instanceof CannotFill && !schema.minItems) return []
    throw thrown
  }
}

function fillAny(
  options: readonly Record<string, unknown>[],
  path: string,
  source: Source,
  depth: number,
): unknown {
  for (const option of options) {
    if (option.type === 'null') continue
    try {
      return fill(option, path, source, depth + 1)
    } catch (thrown) {
      if (!(thrown instanceof CannotFill)) throw thrown
    }
  }
  if (options.some((option) => option.type === 'null')) return null
  throw cannot(path)
}

function resolveRef(schema: Record<string, unknown>, root: Record<string, unknown>): Record<string, unknown> {
  if (schema.$ref === '#') return root
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#/')) return schema
  let at: unknown = root
  for (const key of schema.$ref.slice(2).split('/')) at = isRecord(at) ? at[key] : undefined
  return isRecord(at) ? at : {}
}

/** An enumerated value that the answer names, or one that stands for not knowing. */
function chooseFrom(values: readonly unknown[], path: string, text: string): unknown {
  const lower = text.toLowerCase()
  const named = values.find(
    (value) => typeof value === 'string' && value !== '' && lower.includes(value.toLowerCase()),
  )
  const unknown = values.find((value) => value === null || /^(unknown|none|other|n\/a)$/i.test(String(value)))
  if (named !== undefined) return named
  if (unknown !== undefined) return unknown
  throw cannot(path)
}

function yesOrNo(text: string, path: string): boolean {
  const match = /^\W*(yes|no)\b/i.exec(text)
  if (!match) throw cannot(path)
  return match[1]?.toLowerCase() === 'yes'
}

/** The metric whose name and unit the property's name spells, such as `energy_total_kwh`, `total_kwh` or `cost`. */
function metricFor(path: string, metrics: readonly ResultMetric[]): number {
  const wanted = new Set(
    path
      .split('.')
      .at(-1)
      ?.toLowerCase()
      .split(/[^a-z0-9]+/) ?? [],
  )
  let best: { score: number; value: number } | null = null
  for (const metric of metrics) {
    if (
      metric.label !== null &&
      !metric.label
        .toLowerCase()
        .split(/\W+/)
        .some((word) => wanted.has(word))
    )
      continue
    const words = `${metric.name}_${metric.unit}_${metric.label ?? ''}`
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(Boolean)
    const score = [...wanted].filter((word) => words.includes(word)).length
    if (score > 0 && (!best || score > best.score)) best = { score, value: metric.value }
  }
  if (!best) throw cannot(path)
  return best.value
}

function cannot(path: string): CannotFill {
  return new CannotFill(`The offline model cannot fill ${path || 'this schema'} honestly.`)
}
