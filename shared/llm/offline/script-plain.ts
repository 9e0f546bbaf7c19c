import { type ColumnWant, findColumnWant, findMainSeries, type MainSeries } from './script-columns.ts'
import type { ScriptTask } from './script-task.ts'

const HELPERS = [
  'def number(text):',
  '    try:',
  '        value = float(text)',
  '    except (TypeError, ValueError):',
  '        return None',
  '    return value if math.isfinite(value) else None',
  '',
  'def read(name):',
  '    with open(name, newline="", encoding="utf-8") as handle:',
  '        return list(csv.reader(handle))[1:]',
  '',
  'def percentile(values, share):',
  '    ordered = sorted(values)',
  '    place = (len(ordered) - 1) * share',
  '    low = int(math.floor(place))',
  '    high = min(low + 1, len(ordered) - 1)',
  '    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)',
  '',
]

const PEAK = [
  'def peak_hour(rows):',
  '    best = (None, None)',
  '    step = sorted(row[1] for row in rows)[len(rows) // 2]',
  '    n = max(1, int(round(60.0 / step)))',
  '    for i in range(len(rows) - n + 1):',
  '        if abs(rows[i + n - 1][0] - rows[i][0] - (n - 1) * step * 60.0) >= 1.0:',
  '            continue',
  '        kw = sum(row[2] for row in rows[i:i + n]) / n / 1000.0',
  '        if best[1] is None or kw > best[1]:',
  '            best = (rows[i][0], kw)',
  '    return best',
  '',
]

/** Expressions over `rows`, a list of (start in epoch seconds, minutes, watts, local hour). */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  total_kwh: 'sum(row[1] * row[2] for row in rows) / 60000.0',
  baseload_w: 'percentile([row[2] for row in rows], 0.05) if rows else None',
  mean_w: 'sum(row[1] * row[2] for row in rows) / sum(row[1] for row in rows) if rows else None',
  peak_60m_kw: 'peak_hour(rows)[1] if rows else None',
  peak_60m_start:
    "datetime.fromtimestamp(peak_hour(rows)[0], timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ') if rows and peak_hour(rows)[0] is not None else None",
  night_median_w:
    'percentile([row[2] for row in rows if 1 <= row[3] < 5], 0.5) if any(1 <= row[3] < 5 for row in rows) else None',
}

const OPS = {
  sum: 'sum(v)',
  mean: 'sum(v) / len(v)',
  max: 'max(v)',
  min: 'min(v)',
  median: 'percentile(v, 0.5)',
  count: 'len(v)',
}

/** The script for a second try: no package but Python's own, and rows that do not parse are left out. */
export function plainScript(task: ScriptTask): string {
  const main = findMainSeries(task)
  const lines = task.wants.map((key) => wantLine(key, main, task))
  return [
    'import csv',
    'import math',
    'from datetime import datetime, timezone',
    'import aether',
    '',
    ...HELPERS,
    ...(main ? [...PEAK, ...readRows(main, task)] : ['rows = []']),
    'result = {}',
    ...lines,
    'aether.result(result)',
    '',
  ].join('\n')
}

function wantLine(key: string, main: MainSeries | null, task: ScriptTask): string {
  const expression = main ? EXPRESSIONS[key] : undefined
  if (expression) return `result[${quote(key)}] = ${expression}`
  const want = findColumnWant(key, task)
  return want ? columnLine(want) : `result[${quote(key)}] = None`
}

function readRows(main: MainSeries, task: ScriptTask): string[] {
  return [
    `offsets = ${JSON.stringify(task.offsets)}`,
    'rows = []',
    `for cells in read(${quote(main.file)}):`,
    '    try:',
    `        start = datetime.fromisoformat(cells[${main.start}].replace('Z', '+00:00')).timestamp()`,
    '    except (ValueError, IndexError):',
    '        continue',
    `    value = number(cells[${main.value}]) if len(cells) > ${main.value} else None`,
    main.minutes >= 0
      ? `    minutes = number(cells[${main.minutes}]) if len(cells) > ${main.minutes} else None`
      : '    minutes = 60.0',
    '    if value is None or not minutes:',
    '        continue',
    `    watts = ${main.unit === 'w' ? 'value' : 'value * 60000.0 / minutes'}`,
    '    shift = [offset for since, offset in offsets if since <= start][-1]',
    '    rows.append((start, minutes, watts, int((start + shift) // 3600) % 24))',
    'rows.sort()',
  ]
}

function columnLine(want: ColumnWant): string {
  return [
    `v = [number(cells[${want.column}]) for cells in read(${quote(want.file)}) if len(cells) > ${want.column}]`,
    'v = [value for value in v if value is not None]',
    `result[${quote(want.key)}] = float(${OPS[want.op]}) if v else None`,
  ].join('\n')
}

/** Only names that `script` has checked to be plain come here; JSON strings of these are Python strings too. */
const quote = (name: string) => JSON.stringify(name)
