import { alignFlows, consumptionPoints } from '../../../shared/analysis/energy/flow.ts'
import { powerSeries } from '../../../shared/analysis/series/from-rows.ts'
import { type Point, powerToEnergy, type Series } from '../../../shared/analysis/series/series.ts'
import type { AgentYield } from '../../../shared/domain/event.ts'
import type { CallContext } from '../../../shared/domain/turn.ts'
import type { AgentDeps } from '../deps.ts'
import { runScript, type ScriptTask } from '../run-script.ts'
import type { Check, EnergyContext } from './context.ts'

const WANTS: ScriptTask['wants'] = [
  { key: 'total_kwh', unit: 'kWh', description: 'energy that the home used over all rows' },
  {
    key: 'baseload_w',
    unit: 'W',
    description: 'power that is always on: the 5th percentile of the mean power of the rows',
  },
  { key: 'peak_60m_kw', unit: 'kW', description: 'highest mean power over any 60 minutes' },
  { key: 'peak_60m_start', unit: 'ISO 8601 UTC', description: 'when those 60 minutes start' },
  { key: 'night_median_w', unit: 'W', description: 'median power from 01:00 to 05:00 local time' },
]

/**
 * The independent check: a script estimates the home's main figures by its own way. It gets the power sensors, where
 * the home has one beside every meter, for they are another instrument than the meters; else the energy of each hour.
 */
export async function* checkIndependently(
  context: EnergyContext,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, Check | null> {
  const power =
    context.state.request.strategy.method === 'primary' ? await fromPower(context, deps, call) : null
  const file = power ?? fromEnergy(context)
  if (!file) return null
  const run = yield* runScript({ analyst: 'energy', files: [file], wants: WANTS }, context.state, deps, call)
  if (!run) return null
  return { run, values: readValues(run.exitClass === 'ok' ? run.result : null) }
}

async function fromPower(
  context: EnergyContext,
  deps: AgentDeps,
  call: CallContext,
): Promise<ScriptTask['files'][number] | null> {
  const { sources, fine } = context.data
  const powerOf = (ids: readonly string[]) => ids.map((id) => sources.power[id])
  const roles = [sources.gridFrom, sources.gridTo, sources.solar, sources.batteryFrom, sources.batteryTo].map(
    powerOf,
  )
  const ids = roles.flat().filter((id) => id !== undefined)
  if (ids.length === 0 || ids.length < roles.flat().length) return null
  const period = fine && fine.span.start <= context.span.start ? '5minute' : 'hour'
  const rows = await deps.home.statistics({ ids, period, ...context.span }, { signal: call.signal })
  const energy = (list: readonly (string | undefined)[]): Series[] =>
    list.flatMap((id) => (id ? [powerToEnergy(powerSeries(id, id, rows.get(id) ?? [], period))] : []))
  const [gridFrom = [], gridTo = [], solar = [], batteryFrom = [], batteryTo = []] = roles.map(energy)
  const points = consumptionPoints(alignFlows({ gridFrom, gridTo, solar, batteryFrom, batteryTo }))
  if (points.length === 0) return null
  const watts = points.map(({ start, end, value }) => ({
    start,
    end,
    value: (value * 3_600_000_000) / (end - start),
  }))
  return csv(
    'power.csv',
    'watts',
    watts,
    `mean power of the home's use in W, a row every ${period === 'hour' ? 'hour' : '5 minutes'}, from its power sensors`,
  )
}

function fromEnergy(context: EnergyContext): ScriptTask['files'][number] | null {
  if (context.used.length === 0) return null
  return csv(
    'energy.csv',
    'kwh',
    context.used,
    'energy that the home used in kWh, a row an hour, from its meters',
  )
}

function csv(
  name: string,
  column: string,
  points: readonly Point[],
  description: string,
): ScriptTask['files'][number] {
  const rows = points.map(
    (point) => `${new Date(point.start).toISOString()},${(point.end - point.start) / 60_000},${point.value}`,
  )
  return {
    name,
    columns: ['start', 'minutes', column],
    rows: rows.length,
    description: `${description}; minutes is the length of the row`,
    content: `${['start,minutes', column].join(',')}\n${rows.join('\n')}\n`,
  }
}

/** Only plain numbers and short texts under the asked keys count; anything else that a script reports is left out. */
function readValues(result: unknown): Check['values'] {
  const values: Record<string, number | string | null> = {}
  if (result === null || typeof result !== 'object') return values
  for (const { key } of WANTS) {
    const value = (result as Record<string, unknown>)[key]
    if (typeof value === 'number' && Number.isFinite(value)) values[key] = value
    else if (typeof value === 'string' && value.length <= 64) values[key] = value
  }
  return values
}
