import * as v from 'valibot'
import { summaryOf } from '../../../shared/analysis/behaviour/automation-config.ts'
import { endOfRun, type RunEnd, stoppedEarly } from '../../../shared/analysis/behaviour/run-end.ts'
import type { Trace } from '../../../shared/domain/home-data.ts'
import { wordsOfName } from '../../../shared/domain/name-words.ts'
import { toLocalIso } from '../../../shared/domain/time/zone.ts'
import type { HomeSource, ReadOptions } from '../../../shared/home/port.ts'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { badArguments } from './bad-arguments.ts'
import type { Tool } from './tool.ts'

const Arguments = v.object({
  query: v.optional(v.fallback(v.pipe(v.string(), v.trim(), v.maxLength(200)), ''), ''),
})

/** Automations in one result. */
const MOST_AUTOMATIONS = 40

/** Runs that did not come to their end and are looked at step by step. */
const MOST_ENDS = 5

/** Tells what the home's automations do, by their configuration, and how their last run ended. */
export const GET_AUTOMATIONS: Tool = {
  delegates: false,
  spec: {
    name: 'get_automations',
    description:
      'Lists the automations of the home: what starts each, what it does, whether it is enabled, and how its last run ended.',
    parameters: {
      type: 'object',
      properties: { query: { type: 'string', description: 'Words of their names; empty for all' } },
      required: ['query'],
    },
  },
  async *run(args, { deps, call, nonce, info }) {
    const parsed = v.safeParse(Arguments, args)
    if (!parsed.success) return badArguments(parsed.issues, nonce)
    yield { kind: 'status', text: 'Reading the automations', step: 'get_automations' }
    const options = { signal: call.signal }
    const [all, traces, registries] = await Promise.all([
      deps.home.automations(options),
      deps.home.traces(options),
      deps.home.registries(options),
    ])
    const names = new Map(registries.entities.map((entity) => [entity.id, entity.name]))
    const wanted = wordsOfName(parsed.output.query)
    const found = all.filter(({ alias }) => {
      const words = wordsOfName(alias)
      return wanted.every((word) => words.includes(word))
    })
    const local = (at: number | null) => (at === null ? null : toLocalIso(at, info.timeZone))
    const shown = found.slice(0, MOST_AUTOMATIONS)
    const lastOf = new Map(traces.toReversed().map((trace) => [trace.entityId, trace]))
    const ends = await readEnds(
      shown.flatMap((each) => lastOf.get(each.entityId) ?? []),
      deps.home,
      options,
    )
    const automations = shown.map((each) => {
      const last = lastOf.get(each.entityId)
      const end = ends.get(each.entityId)
      return {
        entity_id: each.entityId,
        name: each.alias,
        enabled: each.enabled,
        last_triggered: local(each.lastTriggered),
        ...summaryOf(each, (id) => names.get(id) ?? id),
        last_run: last
          ? {
              at: local(last.at),
              outcome: last.outcome,
              ...(end ? { stopped_at: end.place, condition_unmet: end.unmet, error: end.error } : {}),
            }
          : null,
      }
    })
    return { content: dataBlock('automations', { total: found.length, automations }, nonce) }
  },
}

/** Where the last runs stopped, by automation, for those that did not finish. */
async function readEnds(
  runs: readonly Trace[],
  home: HomeSource,
  options: ReadOptions,
): Promise<ReadonlyMap<string, RunEnd>> {
  const stopped = runs.filter((run) => stoppedEarly(run.outcome)).slice(0, MOST_ENDS)
  const ends = stopped.map(
    async (run) => [run.entityId, endOfRun(await home.traceSteps(run, options))] as const,
  )
  return new Map(await Promise.all(ends))
}
