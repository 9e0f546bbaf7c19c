import type {
  Integration,
  LogbookEntry,
  Repair,
  SetupIssue,
  Span,
  StateChange,
  Trace,
  TraceStep,
} from '../../domain/home-data.ts'
import { toLocalIso } from '../../domain/time/zone.ts'
import { instantIn, isRow, numberIn, type Row, rowsIn, textIn, textsIn } from './shapes.ts'

/** State changes by entity from `history/history_during_period`; states that only repeat are one change. */
export function toHistory(answer: unknown, span: Span): Map<string, readonly StateChange[]> {
  const found = new Map<string, readonly StateChange[]>()
  if (!isRow(answer)) return found
  for (const [id, list] of Object.entries(answer)) {
    const changes: StateChange[] = []
    for (const row of rowsIn(list)) {
      const at = instantIn(row.lc ?? row.lu)
      const state = typeof row.s === 'string' ? row.s : null
      const before = changes.at(-1)
      if (at === null || state === null || at >= span.end) continue
      if (before === undefined || (before.state !== state && at > before.at)) changes.push({ state, at })
    }
    if (changes.length > 0) found.set(id, changes)
  }
  return found
}

/** Entries of `logbook/get_events` within the span, in order of time. */
export function toLogbook(answer: unknown, span: Span): LogbookEntry[] {
  return rowsIn(answer)
    .flatMap((row) => {
      const at = instantIn(row.when)
      return at === null || at < span.start || at >= span.end ? [] : [toEntry(row, at)]
    })
    .sort((a, b) => a.at - b.at)
}

function toEntry(row: Row, at: number): LogbookEntry {
  const event = row.context_event_type
  return {
    at,
    entityId: textIn(row.entity_id),
    name: textIn(row.name) ?? textIn(row.entity_id) ?? '',
    state: textIn(row.state),
    message: textIn(row.message),
    contextUserId: textIn(row.context_user_id),
    contextEventType: event === 'automation_triggered' || event === 'script_started' ? event : null,
    contextEntityId: textIn(row.context_entity_id),
  }
}

/** Open repairs of `repairs/list_issues`. Their texts are translations that the answer does not hold. */
export function toRepairs(answer: unknown): Repair[] {
  return rowsIn(isRow(answer) ? answer.issues : null).flatMap((row) => {
    const id = textIn(row.issue_id)
    if (id === null || row.ignored === true) return []
    const domain = textIn(row.domain) ?? 'homeassistant'
    const what = (textIn(row.translation_key) ?? id).replaceAll('_', ' ')
    return [
      {
        id: `${domain}.${id}`,
        domain,
        severity: textIn(row.severity) ?? 'warning',
        title: `${domain}: ${what}`,
        createdAt: instantIn(row.created) ?? 0,
      },
    ]
  })
}

/** Integration entries of `config_entries/get`. */
export function toIntegrations(answer: unknown): Integration[] {
  return rowsIn(answer).flatMap((row) => {
    const entryId = textIn(row.entry_id)
    const domain = textIn(row.domain)
    if (entryId === null || domain === null) return []
    return [
      {
        entryId,
        domain,
        title: textIn(row.title) ?? domain,
        state: textIn(row.state) ?? 'unknown',
        reason: textIn(row.reason),
        disabled: textIn(row.disabled_by) !== null,
      },
    ]
  })
}

/** Runs of `trace/list`, the newest first; `entityOf` finds an automation by its own id. */
export function toTraces(answer: unknown, entityOf: ReadonlyMap<string, string>): Trace[] {
  return rowsIn(answer)
    .flatMap((row) => {
      const entityId = entityOf.get(String(row.item_id))
      const at = instantIn(isRow(row.timestamp) ? row.timestamp.start : null)
      const runId = textIn(row.run_id)
      if (entityId === undefined || at === null || runId === null) return []
      return [
        {
          entityId,
          runId,
          at,
          trigger: textIn(row.trigger),
          outcome: textIn(row.script_execution) ?? textIn(row.state) ?? 'unknown',
          error: textIn(row.error),
        },
      ]
    })
    .sort((a, b) => b.at - a.at)
}

/** Steps of one run of `trace/get`, in order of time. What the steps were about is left out: it may be anything. */
export function toTraceSteps(answer: unknown): TraceStep[] {
  const steps = isRow(answer) && isRow(answer.trace) ? Object.values(answer.trace).flatMap(rowsIn) : []
  return steps
    .flatMap((row) => {
      const path = textIn(row.path)
      const at = instantIn(row.timestamp)
      const result = isRow(row.result) ? row.result.result : null
      if (path === null || at === null) return []
      return [{ path, at, passed: typeof result === 'boolean' ? result : null, error: textIn(row.error) }]
    })
    .sort((a, b) => a.at - b.at)
}

/** Issues of `energy/validate`, which are grouped by source and device and name each entity that they affect. */
export function toEnergyIssues(answer: unknown): SetupIssue[] {
  if (!isRow(answer)) return []
  return Object.values(answer)
    .flatMap((groups) => (Array.isArray(groups) ? groups.flatMap(rowsIn) : []))
    .flatMap((row) => {
      const code = textIn(row.type)
      const affected = Array.isArray(row.affected_entities) ? row.affected_entities : []
      const ids = affected.flatMap((pair) => textIn(Array.isArray(pair) ? pair[0] : null) ?? [])
      return code === null ? [] : ids.map((about) => ({ about, code }))
    })
}

/** Issues of `recorder/validate_statistics`, by statistic. */
export function toStatisticsIssues(answer: unknown): SetupIssue[] {
  if (!isRow(answer)) return []
  return Object.entries(answer).flatMap(([about, list]) =>
    rowsIn(list).flatMap((row) => {
      const code = textIn(row.type)
      return code === null ? [] : [{ about, code }]
    }),
  )
}

/** Lines of one kind that stand for all of its repetitions. */
const MOST_REPEATED = 100

/** `system_log/list` in the form of the log file, which some installations do not keep. Times are the home's. */
export function toLogText(answer: unknown, zone: string): string {
  return rowsIn(answer)
    .toReversed()
    .flatMap((row) => {
      const at = instantIn(numberIn(row.timestamp))
      const message = textsIn(row.message)[0] ?? textIn(row.message)
      if (at === null || message == null) return []
      const stamp = toLocalIso(at, zone).slice(0, 19).replace('T', ' ')
      const text = message.replaceAll(/\s+/g, ' ')
      const line = `${stamp}.000 ${textIn(row.level) ?? 'ERROR'} (MainThread) [${textIn(row.name) ?? 'homeassistant'}] ${text}\n`
      return Array.from(
        { length: Math.min(MOST_REPEATED, Math.max(1, numberIn(row.count) ?? 1)) },
        () => line,
      )
    })
    .join('')
}
