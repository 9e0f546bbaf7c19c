import type { HomeInfo } from '../domain/home.ts'
import type {
  Automation,
  DataNote,
  EnergyPreferences,
  EntityState,
  Integration,
  LogbookEntry,
  Registries,
  Repair,
  SetupIssue,
  Span,
  StateChange,
  StatisticMeta,
  StatisticRow,
  Trace,
  TraceStep,
} from '../domain/home-data.ts'
import type { Bucket } from '../domain/metric.ts'
import type { Tariff } from '../domain/tariff.ts'

/** Every read takes the caller's signal; an abort rejects with its reason. */
export interface ReadOptions {
  readonly signal: AbortSignal
}

export interface StatisticsQuery extends Span {
  readonly ids: readonly string[]
  readonly period: Bucket
}

export interface HistoryQuery extends Span {
  readonly entityIds: readonly string[]
}

/**
 * A home to read. All sources (demo, a meter's file, Home Assistant) pass one contract test. Nothing here can change a
 * home. Faults: `HOME_UNAVAILABLE`; an unknown id is simply absent from the answer.
 */
export interface HomeSource {
  info(options: ReadOptions): Promise<HomeInfo>
  registries(options: ReadOptions): Promise<Registries>
  states(options: ReadOptions): Promise<readonly EntityState[]>
  /** Null where none are set: then sources are chosen by device class, and the answer says so. */
  energyPreferences(options: ReadOptions): Promise<EnergyPreferences | null>
  /** Null where no tariff is known: then no cost is said. */
  tariff(options: ReadOptions): Promise<Tariff | null>
  statisticIds(options: ReadOptions): Promise<readonly StatisticMeta[]>
  /** Rows in order of time, by statistic id. Energy comes in kWh, power in W, whatever the entity's own unit. */
  statistics(
    query: StatisticsQuery,
    options: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly StatisticRow[]>>
  /** State changes by entity, the state at the start of the span included. */
  history(query: HistoryQuery, options: ReadOptions): Promise<ReadonlyMap<string, readonly StateChange[]>>
  logbook(span: Span, options: ReadOptions): Promise<readonly LogbookEntry[]>
  errorLog(options: ReadOptions): Promise<string>
  automations(options: ReadOptions): Promise<readonly Automation[]>
  /** The latest runs of automations, the newest first; few, for homes keep few. */
  traces(options: ReadOptions): Promise<readonly Trace[]>
  /** What a run did, step by step; empty where the home no longer knows. */
  traceSteps(run: Pick<Trace, 'entityId' | 'runId'>, options: ReadOptions): Promise<readonly TraceStep[]>
  /** What the home itself finds wrong with its statistics and energy settings. */
  setupIssues(options: ReadOptions): Promise<readonly SetupIssue[]>
  repairs(options: ReadOptions): Promise<readonly Repair[]>
  integrations(options: ReadOptions): Promise<readonly Integration[]>
  /** Services that exist, as `domain.service`. */
  services(options: ReadOptions): Promise<readonly string[]>
  /** What was odd about the data within the span while it was read. */
  notes(span: Span, options: ReadOptions): Promise<readonly DataNote[]>
}
