import type { Automation, LogbookEntry } from '../../domain/home-data.ts'
import { MINUTE_MS, OVERRIDE_MINUTES } from '../constants.ts'
import { groupBy } from '../numeric.ts'
import { isAction, isManual } from './actor.ts'
import { effectsOf } from './automation-config.ts'

export interface Effectiveness {
  readonly entityId: string
  readonly alias: string
  readonly runs: number
  readonly overrides: number
  /** 1 − overrides / runs; null without a run. */
  readonly effectiveness: number | null
  /** When people undid it, epoch ms. */
  readonly overrideAt: readonly number[]
}

/**
 * How well automations fit: an override is a change by a person or by hand, within 10 min after a run, of something that
 * the run had set, to another state. Runs are the automation's own logbook entries, else the changes that it caused.
 */
export function effectiveness(
  entries: readonly LogbookEntry[],
  automations: readonly Automation[],
): Effectiveness[] {
  const sorted = entries.toSorted((a, b) => a.at - b.at)
  const caused = groupBy(sorted, (entry) => entry.contextEntityId)
  const own = groupBy(sorted, (entry) => entry.entityId)
  const manual = groupBy(sorted.filter(isAction).filter(isManual), (entry) => entry.entityId)
  return automations.map((automation) => {
    const { entityId, alias } = automation
    const changes = (caused.get(entityId) ?? []).filter(isAction)
    const runs = runsOf(own.get(entityId) ?? [], changes)
    const configured = effectsOf(automation)
    const overrideAt: number[] = []
    for (const [i, at] of runs.entries()) {
      const end = Math.min(at + OVERRIDE_MINUTES * MINUTE_MS, runs[i + 1] ?? Number.POSITIVE_INFINITY)
      const set = new Map<string, string>()
      for (const { entityId: id, state } of configured) if (state !== null) set.set(id, state)
      for (const change of changes)
        if (change.at >= at && change.at < end) set.set(change.entityId, change.state)
      const undone = firstUndone(set, manual, at, end)
      if (undone !== null) overrideAt.push(undone)
    }
    return {
      entityId,
      alias,
      runs: runs.length,
      overrides: overrideAt.length,
      effectiveness: runs.length > 0 ? 1 - overrideAt.length / runs.length : null,
      overrideAt,
    }
  })
}

function runsOf(own: readonly LogbookEntry[], changes: readonly LogbookEntry[]): number[] {
  const triggered = own.filter((entry) => entry.state === null || /trigger/i.test(entry.message ?? ''))
  const runs: number[] = []
  for (const { at } of triggered.length > 0 ? triggered : changes)
    if (at - (runs.at(-1) ?? Number.NEGATIVE_INFINITY) >= MINUTE_MS) runs.push(at)
  return runs
}

function firstUndone(
  set: ReadonlyMap<string, string>,
  manual: ReadonlyMap<string, readonly (LogbookEntry & { state: string })[]>,
  after: number,
  end: number,
): number | null {
  let first: number | null = null
  for (const [entityId, state] of set)
    for (const change of manual.get(entityId) ?? [])
      if (
        change.at > after &&
        change.at <= end &&
        change.state !== state &&
        (first === null || change.at < first)
      )
        first = change.at
  return first
}
