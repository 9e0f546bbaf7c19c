import type { ScriptTask, TaskFile } from './script-task.ts'

/** Which file and columns answer questions about the whole home's power. */
export interface MainSeries {
  readonly file: string
  readonly start: number
  /** Column with the length of a row in minutes, or -1. */
  readonly minutes: number
  readonly value: number
  /** Whether the value is energy in kWh or power in W. */
  readonly unit: 'kwh' | 'w'
}

/** How a figure of a single column is made. */
export type ColumnOp = 'sum' | 'mean' | 'max' | 'min' | 'median' | 'count'

export interface ColumnWant {
  readonly key: string
  readonly file: string
  readonly column: number
  readonly op: ColumnOp
}

const ENERGY = /(^|_)(kwh|energy)($|_)/
const POWER = /(^|_)(w|watts?|power|mean_w)($|_)/
const START = /^(start|time|timestamp|from)$/
const MINUTES = /^minutes$/

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')

/** The first file with a time column and one of energy or power, power first: it is the other instrument. */
export function findMainSeries(task: ScriptTask): MainSeries | null {
  const all = task.files.flatMap((file) => seriesOf(file))
  return all.find((series) => series.unit === 'w') ?? all[0] ?? null
}

function seriesOf(file: TaskFile): MainSeries[] {
  const names = file.columns.map(plain)
  const start = names.findIndex((name) => START.test(name))
  if (start < 0) return []
  const power = names.findIndex((name) => POWER.test(name))
  const energy = names.findIndex((name) => ENERGY.test(name))
  const value = power >= 0 ? power : energy
  if (value < 0) return []
  const minutes = names.findIndex((name) => MINUTES.test(name))
  return [{ file: file.name, start, minutes, value, unit: power >= 0 ? 'w' : 'kwh' }]
}

const OPS: readonly { readonly suffix: RegExp; readonly op: ColumnOp }[] = [
  { suffix: /_(total_kwh|total|sum|kwh)$/, op: 'sum' },
  { suffix: /_(mean|average|avg)(_\w+)?$/, op: 'mean' },
  { suffix: /_(max|maximum|highest|peak)(_\w+)?$/, op: 'max' },
  { suffix: /_(min|minimum|lowest)(_\w+)?$/, op: 'min' },
  { suffix: /_median(_\w+)?$/, op: 'median' },
  { suffix: /_(count|samples|hits)$/, op: 'count' },
]

/** A want such as `fridge_total_kwh` or `indoor_mean`, where a column bears that name; null otherwise. */
export function findColumnWant(key: string, task: ScriptTask): ColumnWant | null {
  const wanted = plain(key)
  const rule = OPS.find((each) => each.suffix.test(wanted))
  const subject = rule ? wanted.replace(rule.suffix, '') : wanted
  for (const file of task.files)
    for (const [column, name] of file.columns.entries()) {
      const bare = plain(name).replace(/_(kwh|w|watts)$/, '')
      if (plain(name) === wanted || bare === subject)
        return { key, file: file.name, column, op: rule?.op ?? 'sum' }
    }
  return null
}
