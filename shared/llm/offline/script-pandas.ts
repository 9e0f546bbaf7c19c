import { type ColumnWant, findColumnWant, findMainSeries, type MainSeries } from './script-columns.ts'
import type { ScriptTask } from './script-task.ts'

/**
 * Python for what is asked of the home's own series `rows` (start in epoch seconds, minutes, watts; in order of time,
 * missing values left out). Each is one expression or a few lines that set `result[key]`.
 */
const SNIPPETS: Readonly<Record<string, readonly string[]>> = {
  total_kwh: ["result['total_kwh'] = float((rows.watts * rows.minutes).sum() / 60000.0)"],
  baseload_w: ["result['baseload_w'] = float(np.percentile(rows.watts, 5))"],
  mean_w: ["result['mean_w'] = float((rows.watts * rows.minutes).sum() / rows.minutes.sum())"],
  peak_60m_kw: ['at, kw = peak_hour(rows)', "result['peak_60m_kw'] = kw"],
  peak_60m_start: [
    'at, kw = peak_hour(rows)',
    "result['peak_60m_start'] = None if at is None else pd.Timestamp(int(at), unit='s', tz='UTC').strftime('%Y-%m-%dT%H:%M:%SZ')",
  ],
  night_median_w: [
    'night = rows.watts[(rows.hour >= 1) & (rows.hour < 5)]',
    "result['night_median_w'] = float(night.median()) if len(night) else None",
  ],
  daily_profile: [
    "result['daily_profile'] = [None if np.isnan(v) else float(v) for v in rows.groupby('hour').watts.mean().reindex(range(24))]",
  ],
  daily_kwh: [
    "days = rows.assign(kwh=rows.watts * rows.minutes / 60000.0).groupby('day').kwh.sum()",
    "result['daily_kwh'] = {str(day): float(kwh) for day, kwh in days.items()}",
  ],
}

const PEAK_HOUR = [
  'def peak_hour(rows):',
  '    step = float(rows.minutes.median())',
  '    n = max(1, int(round(60.0 / step)))',
  '    mean = rows.watts.rolling(n).mean()',
  '    span = rows.start - rows.start.shift(n - 1)',
  '    whole = mean[(span - (n - 1) * step * 60.0).abs() < 1.0] if n > 1 else mean',
  '    whole = whole.dropna()',
  '    if len(whole) == 0:',
  '        return None, None',
  '    last = int(whole.idxmax())',
  '    return float(rows.start.iloc[last - n + 1]), float(whole.max()) / 1000.0',
]

/** The script that works with pandas. */
export function pandasScript(task: ScriptTask): string {
  const main = findMainSeries(task)
  const known = main ? task.wants.filter((key) => SNIPPETS[key]) : []
  const columns = task.wants
    .filter((key) => !known.includes(key))
    .map((key) => findColumnWant(key, task) ?? key)
  return [
    'import numpy as np',
    'import pandas as pd',
    'import aether',
    '',
    'result = {}',
    ...(main && known.length > 0 ? [...readRows(main, task), ...PEAK_HOUR, ''] : []),
    ...known.flatMap((key) => SNIPPETS[key] ?? []),
    ...columns.map((want) => (typeof want === 'string' ? `result[${quote(want)}] = None` : columnLine(want))),
    'aether.result(result)',
    '',
  ].join('\n')
}

function readRows(main: MainSeries, task: ScriptTask): string[] {
  return [
    `table = pd.read_csv(${quote(main.file)})`,
    `start = pd.to_datetime(table.iloc[:, ${main.start}], utc=True, format='ISO8601')`,
    "seconds = (start - pd.Timestamp('1970-01-01', tz='UTC')).dt.total_seconds()",
    `value = pd.to_numeric(table.iloc[:, ${main.value}], errors='coerce')`,
    main.minutes >= 0
      ? `minutes = pd.to_numeric(table.iloc[:, ${main.minutes}], errors='coerce')`
      : 'minutes = pd.Series(float(seconds.sort_values().diff().median() / 60.0), index=table.index)',
    `watts = ${main.unit === 'w' ? 'value' : 'value * 60000.0 / minutes'}`,
    "rows = pd.DataFrame({'start': seconds, 'minutes': minutes, 'watts': watts}).dropna()",
    "rows = rows.sort_values('start').reset_index(drop=True)",
    `edges = np.array(${JSON.stringify(task.offsets.map(([from]) => from))}, dtype=float)`,
    `shifts = np.array(${JSON.stringify(task.offsets.map(([, shift]) => shift))}, dtype=float)`,
    "local = rows.start + shifts[np.searchsorted(edges, rows.start, side='right') - 1]",
    "rows['hour'] = ((local // 3600) % 24).astype(int)",
    "rows['day'] = pd.to_datetime((local // 86400).astype(int), unit='D').dt.strftime('%Y-%m-%d')",
    '',
  ]
}

function columnLine(want: ColumnWant): string {
  const column = `pd.to_numeric(pd.read_csv(${quote(want.file)}).iloc[:, ${want.column}], errors='coerce').dropna()`
  return `column = ${column}\nresult[${quote(want.key)}] = float(column.${want.op}()) if len(column) else None`
}

/** Only names that `script` has checked to be plain come here; JSON strings of these are Python strings too. */
const quote = (name: string) => JSON.stringify(name)
