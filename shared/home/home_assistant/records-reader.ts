import type {
  Automation,
  LogbookEntry,
  SetupIssue,
  Span,
  StateChange,
  Trace,
  TraceStep,
} from '../../domain/home-data.ts'
import type { HistoryQuery, ReadOptions } from '../port.ts'
import { readAutomation } from './automations.ts'
import { noneIfNotThere, orIfRefused } from './errors.ts'
import { readInHalves } from './halves.ts'
import type { Reader } from './reader.ts'
import {
  toEnergyIssues,
  toHistory,
  toLogbook,
  toLogText,
  toStatisticsIssues,
  toTraceSteps,
  toTraces,
} from './records.ts'

const HISTORY_ENTITIES = 50
const MOST_AUTOMATIONS = 500

/** What happened: states over time, the logbook, the log, and the automations with their runs. */
export interface RecordsReader {
  history(query: HistoryQuery, options: ReadOptions): Promise<ReadonlyMap<string, readonly StateChange[]>>
  logbook(span: Span, options: ReadOptions): Promise<readonly LogbookEntry[]>
  errorLog(options: ReadOptions): Promise<string>
  automations(options: ReadOptions): Promise<readonly Automation[]>
  traces(options: ReadOptions): Promise<readonly Trace[]>
  traceSteps(run: Pick<Trace, 'entityId' | 'runId'>, options: ReadOptions): Promise<readonly TraceStep[]>
  setupIssues(options: ReadOptions): Promise<readonly SetupIssue[]>
}

export function createRecordsReader(reader: Reader): RecordsReader {
  const { missing } = reader
  const iso = (instant: number) => new Date(instant).toISOString()

  async function historyOf(ids: readonly string[], span: Span, options: ReadOptions) {
    const answers = await readInHalves(span, async ({ start, end }) => {
      const answer = await reader.longCall(
        {
          type: 'history/history_during_period',
          start_time: iso(start),
          end_time: iso(end),
          entity_ids: ids,
          include_start_time_state: true,
          significant_changes_only: false,
          minimal_response: true,
          no_attributes: true,
        },
        options,
      )
      return toHistory(answer, { start, end })
    })
    const found = new Map<string, readonly StateChange[]>()
    for (const answer of answers)
      for (const [id, changes] of answer) found.set(id, joined(found.get(id) ?? [], changes))
    return found
  }

  const ownAutomations = async (options: ReadOptions) =>
    (await reader.states(options)).filter((state) => state.entityId.startsWith('automation.'))

  return {
    async history({ entityIds, ...asked }, options) {
      const span = { start: asked.start, end: Math.min(asked.end, reader.now()) }
      if (span.end <= span.start) return new Map()
      const ids = [...new Set(entityIds)]
      const parts = Array.from({ length: Math.ceil(ids.length / HISTORY_ENTITIES) }, (_, i) =>
        historyOf(ids.slice(i * HISTORY_ENTITIES, (i + 1) * HISTORY_ENTITIES), span, options),
      )
      const found = await missing.orElse('the history', Promise.all(parts), [])
      return new Map(found.flatMap((part) => [...part]))
    },
    async logbook(span, options) {
      if (span.end <= span.start) return []
      const parts = readInHalves(span, async ({ start, end }) => {
        const message = { type: 'logbook/get_events', start_time: iso(start), end_time: iso(end) } as const
        return toLogbook(await reader.longCall(message, options), { start, end })
      })
      return (await missing.orElse('the logbook', parts, [])).flat()
    },
    async errorLog(options) {
      const { timeZone } = await reader.config(options)
      // Where no log file is kept, the system log still is.
      const fromSystem = async () =>
        toLogText(await reader.call({ type: 'system_log/list' }, options), timeZone)
      const text = reader
        .get('/api/error_log', options)
        .catch((error: unknown) => orIfRefused(error, fromSystem))
      return missing.orElse('the error log', text, '')
    },
    async automations(options) {
      const own = await ownAutomations(options)
      return Promise.all(
        own.slice(0, MOST_AUTOMATIONS).map((state) =>
          readAutomation(state, {
            call: (message) => reader.call(message, options),
            get: (path) => reader.get(path, options),
            missing,
          }),
        ),
      )
    },
    async traces(options) {
      const own = await ownAutomations(options)
      const ids = new Map(own.map((state) => [String(state.attributes.id), state.entityId]))
      const answer = reader.call({ type: 'trace/list', domain: 'automation' }, options)
      return toTraces(await missing.orElse("the automations' runs", answer, []), ids)
    },
    async traceSteps({ entityId, runId }, options) {
      const own = (await reader.states(options)).find((state) => state.entityId === entityId)
      const item = own?.attributes.id
      if (item === undefined) return []
      const asked = { type: 'trace/get', domain: 'automation', item_id: String(item), run_id: runId } as const
      // It keeps few runs, so one that was listed may be gone.
      return toTraceSteps(await reader.call(asked, options).catch(noneIfNotThere))
    },
    async setupIssues(options) {
      // A home without energy settings or a recorder has no such call, and nothing wrong with them.
      const read = (type: 'energy/validate' | 'recorder/validate_statistics') =>
        reader.longCall({ type }, options).catch(noneIfNotThere)
      const [energy, statistics] = await Promise.all([
        missing.orElse('what is wrong with the energy settings', read('energy/validate'), null),
        missing.orElse('what is wrong with the statistics', read('recorder/validate_statistics'), null),
      ])
      return unique([...toEnergyIssues(energy), ...toStatisticsIssues(statistics)])
    },
  }
}

/** A device that is listed twice is wrong once. */
function unique(issues: readonly SetupIssue[]): readonly SetupIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.about} ${issue.code}`, issue])).values()]
}

/** Changes of two spans that follow each other; the second one begins with the state that the first one ended with. */
function joined(before: readonly StateChange[], after: readonly StateChange[]): readonly StateChange[] {
  const last = before.at(-1)
  if (last === undefined) return after
  const [first, ...rest] = after
  return [...before, ...(first && (first.state !== last.state || first.at > last.at) ? after : rest)].filter(
    (change, i, all) => change.state !== all[i - 1]?.state,
  )
}
