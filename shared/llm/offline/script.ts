import { offsetMs } from '../../domain/time/zone.ts'
import { readDataBlock } from '../data-block.ts'
import { callTools, type OfflineReply } from './reply.ts'
import { isRecord, type OfflineRequest } from './request.ts'
import { pandasScript } from './script-pandas.ts'
import { plainScript } from './script-plain.ts'
import type { ScriptTask, TaskFile } from './script-task.ts'

const DAY = 86_400_000
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/**
 * Writes the script for the task in the block `script_task` from vetted templates: pandas first, and after a failure a
 * plain one that needs nothing but Python. Wants that no template knows and no column answers become None.
 */
export function script(request: OfflineRequest): OfflineReply {
  const block = readDataBlock(request.messages, 'script_task', ['user'])
  const task = isRecord(block) ? block : {}
  const read: ScriptTask = {
    files: records(task.files).flatMap(readFile),
    wants: records(task.wants).flatMap((want) =>
      typeof want.key === 'string' && PLAIN_KEY.test(want.key) ? [want.key] : [],
    ),
    offsets: offsetsOver(task.window, task.time_zone),
  }
  const code = isRecord(task.previous_error) ? plainScript(read) : pandasScript(read)
  return callTools({ name: 'submit_script', arguments: { code } })
}

function readFile(file: Record<string, unknown>): TaskFile[] {
  if (typeof file.name !== 'string' || !PLAIN_NAME.test(file.name) || !Array.isArray(file.columns)) return []
  return [{ name: file.name, columns: file.columns.map(String) }]
}

const records = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : [])

/** Offsets of the zone, each with the instant from which it holds; the sandbox need not know any zone. */
function offsetsOver(window: unknown, timeZone: unknown): [number, number][] {
  const zone = typeof timeZone === 'string' ? timeZone : 'UTC'
  const start = isRecord(window) ? Date.parse(String(window.start)) : Number.NaN
  const end = isRecord(window) ? Date.parse(String(window.end)) : Number.NaN
  if (!Number.isFinite(start) || !Number.isFinite(end) || end <= start) return [[0, 0]]
  const from = start - 60 * DAY // methods short of samples may read days before the window
  const list: [number, number][] = [[0, offsetMs(from, zone) / 1000]]
  for (let at = from; at < end; at += DAY) {
    if (offsetMs(at, zone) === offsetMs(at + DAY, zone)) continue
    const change = changeWithin(at, at + DAY, zone)
    list.push([change / 1000, offsetMs(change, zone) / 1000])
  }
  return list
}

/** First minute of the span at which the offset differs from the one at its start. */
function changeWithin(start: number, end: number, zone: string): number {
  const before = offsetMs(start, zone)
  let low = start
  let high = end
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(middle, zone) === before) low = middle
    else high = middle
  }
  return Math.round(high / 60_000) * 60_000
}
