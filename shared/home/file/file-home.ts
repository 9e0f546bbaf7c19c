import type { HomeInfo } from '../../domain/home.ts'
import type { DataNote, EnergyPreferences, Span } from '../../domain/home-data.ts'
import type { Tariff } from '../../domain/tariff.ts'
import { sayInstant } from '../../domain/time/say.ts'
import type { HomeSource } from '../port.ts'
import type { Role } from './columns.ts'
import type { MeterFile } from './meter.ts'
import { fileStatistics, readRows } from './rows.ts'

const idOf = (file: MeterFile, role: Role) => file.columns.find((column) => column.role === role)?.id ?? null

function toPreferences(file: MeterFile): EnergyPreferences {
  const one = (id: string | null) => (id === null ? [] : [id])
  const solar = idOf(file, 'solar')
  const out = idOf(file, 'battery_out')
  const into = idOf(file, 'battery_in')
  const energy = file.columns.filter((column) => column.kind === 'energy')
  return {
    sources: [
      {
        type: 'grid',
        from: one(idOf(file, 'grid_import')),
        to: one(idOf(file, 'grid_export')),
        cost: [],
        compensation: [],
      },
      ...(solar === null ? [] : [{ type: 'solar', from: solar } as const]),
      ...(out === null || into === null ? [] : [{ type: 'battery', from: out, to: into } as const]),
    ],
    supplies: [],
    devices: file.columns
      .filter((column) => column.role === 'device')
      .map(({ id, name }) => ({ statistic: id, name, includedIn: null })),
    power: Object.fromEntries(energy.map(({ id }) => [id, `${id}_power`])),
  }
}

/** The tariff file wins; without one, a `rate` column is a tariff as soon as there is a currency. */
function toTariff(file: MeterFile, given: Tariff | null): Tariff | null {
  if (given !== null) return given
  const dynamic = idOf(file, 'rate')
  if (dynamic === null || file.currency === null) return null
  return {
    currency: file.currency,
    standingPerDay: 0,
    import: [],
    holidays: [],
    exportRate: null,
    dynamic,
    dynamicExport: idOf(file, 'export_rate'),
  }
}

function describeFile(file: MeterFile, end: number, tariff: Tariff | null): readonly string[] {
  const minutes = file.intervalMs / 60_000
  const count = (kind: DataNote['kind']) => file.notes.filter((note) => note.kind === kind).length
  const oddities = (
    [
      ['gap', 'gap'],
      ['duplicate', 'repeated row'],
      ['negative', 'negative value'],
    ] as const
  )
    .map(([kind, word]) => [count(kind), word] as const)
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}${n === 1 ? '' : 's'}`)
  const unusedRate = tariff !== null && tariff.dynamic === null && idOf(file, 'rate') !== null
  return [
    `The data comes from the file ${file.fileName}, one row every ${minutes} minutes.`,
    `Its "now" is the end of its data, ${sayInstant(end, file.timeZone)}.`,
    ...(oddities.length > 0 ? [`The file has ${oddities.join(', ')}.`] : []),
    ...(unusedRate ? ['Costs follow the tariff file, not the rate column.'] : []),
  ]
}

function notesWithin(file: MeterFile, span: Span): readonly DataNote[] {
  return file.notes.filter(
    ({ at, lengthMs = 1 }) => at === null || (at < span.end && at + lengthMs > span.start),
  )
}

/**
 * Makes a home of a smart meter's file. Statistic ids are `file:<column>` (kWh), the mean power of each is
 * `file:<column>_power` (W). It has no entities; its present is the end of its data.
 */
export function createFileHome(
  file: MeterFile,
  options: { tariff: Tariff | null; name: string },
): HomeSource {
  const statistics = new Map(fileStatistics(file).map((one) => [one.meta.id, one]))
  const preferences = toPreferences(file)
  const tariff = toTariff(file, options.tariff)
  const start = file.starts[0] ?? 0
  const end = (file.starts.at(-1) ?? 0) + file.intervalMs
  const info: HomeInfo = {
    id: 'file',
    name: options.name,
    source: 'file',
    timeZone: file.timeZone,
    currency: tariff?.currency ?? file.currency,
    now: new Date(end).toISOString(),
    dataStart: new Date(start).toISOString(),
    dataEnd: new Date(end).toISOString(),
    notes: describeFile(file, end, tariff),
  }
  const answer =
    <T>(value: T) =>
    async ({ signal }: { signal: AbortSignal }): Promise<T> => {
      signal.throwIfAborted()
      return value
    }
  return {
    info: answer(info),
    registries: answer({ areas: [], devices: [], entities: [] }),
    states: answer([]),
    energyPreferences: answer(preferences),
    tariff: answer(tariff),
    statisticIds: answer([...statistics.values()].map((one) => one.meta)),
    async statistics(query, { signal }) {
      signal.throwIfAborted()
      const found = [...new Set(query.ids)].map((id) => statistics.get(id)).filter((one) => one !== undefined)
      const rows = found.map((one) => [one.meta.id, readRows(one, file, query)] as const)
      return new Map(rows.filter(([, list]) => list.length > 0))
    },
    async history(_query, { signal }) {
      signal.throwIfAborted()
      return new Map()
    },
    async logbook(_span, { signal }) {
      signal.throwIfAborted()
      return []
    },
    errorLog: answer(''),
    automations: answer([]),
    traces: answer([]),
    setupIssues: answer([]),
    repairs: answer([]),
    integrations: answer([]),
    services: answer([]),
    async traceSteps(_run, { signal }) {
      signal.throwIfAborted()
      return []
    },
    async notes(span, { signal }) {
      signal.throwIfAborted()
      return notesWithin(file, span)
    },
  }
}
