import type { DataNote } from '../../domain/home-data.ts'
import { fault } from './fault.ts'

/** A column that is used. `id` is its statistic id, `role` what it stands for. */
export interface Column {
  readonly index: number
  /** The column's name as errors and notes say it. */
  readonly header: string
  readonly role: Role
  readonly kind: 'energy' | 'price'
  readonly id: string
  readonly name: string
}

export type Role =
  | 'grid_import'
  | 'grid_export'
  | 'solar'
  | 'battery_in'
  | 'battery_out'
  | 'rate'
  | 'export_rate'
  | 'device'

export interface Header {
  readonly time: { readonly index: number; readonly kind: 'start' | 'end' }
  readonly columns: readonly Column[]
  readonly notes: readonly DataNote[]
}

const KNOWN: Readonly<Record<string, readonly [Exclude<Role, 'device'>, string]>> = {
  grid_import_kwh: ['grid_import', 'Grid import'],
  grid_export_kwh: ['grid_export', 'Grid export'],
  solar_kwh: ['solar', 'Solar'],
  battery_in_kwh: ['battery_in', 'Battery in'],
  battery_out_kwh: ['battery_out', 'Battery out'],
  rate: ['rate', 'Import price'],
  export_rate: ['export_rate', 'Export price'],
}

const DEVICE = 'device:'

function slugOf(name: string, index: number): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return slug === '' ? String(index + 1) : slug
}

function deviceColumn(title: string, index: number, taken: Set<string>): Column {
  const given = title.slice(DEVICE.length).trim()
  const name = given === '' ? `Device ${index + 1}` : given
  const slug = slugOf(given, index)
  let id = `file:device_${slug}`
  for (let i = 2; taken.has(id); i++) id = `file:device_${slug}_${i}`
  taken.add(id)
  return { index, header: `column ${index + 1}`, role: 'device', kind: 'energy', id, name }
}

function knownColumn(key: string, index: number): Column | null {
  const known = KNOWN[key]
  if (known === undefined) return null
  const [role, name] = known
  const kind = role === 'rate' || role === 'export_rate' ? 'price' : 'energy'
  return { index, header: key, role, kind, id: `file:${role}`, name }
}

/** Finds the columns of a meter's file by its header. Names are compared without case; unknown ones become a note. */
export function readHeader(header: readonly string[], fileName: string): Header {
  const keys = header.map((title) => title.trim().toLowerCase())
  const twice = keys.find(
    (key, index) => (key in KNOWN || key === 'start' || key === 'end') && keys.indexOf(key) !== index,
  )
  if (twice !== undefined) throw fault(fileName, 1, `the column ${twice} is there twice`)
  const missing = [
    ...(keys.includes('start') || keys.includes('end') ? [] : ['start or end (ISO 8601 times)']),
    ...(keys.includes('grid_import_kwh') ? [] : ['grid_import_kwh']),
  ]
  if (missing.length > 0) throw fault(fileName, 1, `missing columns: ${missing.join(', ')}`)
  if (keys.includes('battery_in_kwh') !== keys.includes('battery_out_kwh'))
    throw fault(fileName, 1, 'a battery needs both columns, battery_in_kwh and battery_out_kwh')
  const columns: Column[] = []
  const unused: number[] = []
  const taken = new Set<string>()
  for (const [index, key] of keys.entries()) {
    if (key === 'start' || key === 'end') continue
    if (key.startsWith(DEVICE)) columns.push(deviceColumn(header[index]?.trim() ?? '', index, taken))
    else {
      const column = knownColumn(key, index)
      if (column === null) unused.push(index + 1)
      else columns.push(column)
    }
  }
  const notes: DataNote[] =
    unused.length === 0
      ? []
      : [{ kind: 'columns', text: `Columns of the file that are not used: ${unused.join(', ')}.`, at: null }]
  const kind = keys.includes('start') ? 'start' : 'end'
  return { time: { index: keys.indexOf(kind), kind }, columns, notes }
}
