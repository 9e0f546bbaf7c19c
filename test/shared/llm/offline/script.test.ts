import { expect, test } from 'vitest'
import { askWithBlock } from './ask.ts'

const TASK = {
  analyst: 'energy',
  focus: ['overview'],
  time_zone: 'Europe/Berlin',
  window: { start: '2026-10-19T22:00:00.000Z', end: '2026-11-02T23:00:00.000Z', time_zone: 'Europe/Berlin' },
  files: [{ name: 'power.csv', columns: ['start', 'minutes', 'watts'], rows: 10, description: 'mean power' }],
  wants: ['total_kwh', 'baseload_w', 'peak_60m_kw', 'peak_60m_start', 'night_median_w'].map((key) => ({
    key,
    unit: '',
    description: '',
  })),
  previous_error: null,
}

async function scriptFor(change: Record<string, unknown> = {}): Promise<string> {
  const { calls } = await askWithBlock('script_task', { ...TASK, ...change }, ['submit_script'])
  expect(calls[0]?.name).toBe('submit_script')
  return String(calls[0]?.args.code)
}

test('the script reads the file, sets every want and reports once', async () => {
  const code = await scriptFor()
  expect(code).toContain('pd.read_csv("power.csv")')
  for (const { key } of TASK.wants) expect(code).toContain(`result['${key}']`)
  expect(code.match(/aether\.result\(/g)).toHaveLength(1)
})

test('the clock change of the window is in it: 26 October 2026, 01:00 UTC and two hours before', async () => {
  const change = Date.parse('2026-10-25T01:00:00Z') / 1000
  const code = await scriptFor()
  expect(code).toContain(String(change))
  expect(code).toMatch(/shifts = np\.array\(\[7200,3600\]/)
})

test('energy is turned into power by the length of its rows', async () => {
  const files = [{ name: 'energy.csv', columns: ['start', 'minutes', 'kwh'], rows: 1, description: '' }]
  expect(await scriptFor({ files })).toContain('value * 60000.0 / minutes')
})

test('after a failure a plain script without packages follows', async () => {
  const code = await scriptFor({ previous_error: { class: 'KeyError', message: 'x', code: 'y' } })
  expect(code).not.toContain('pandas')
  for (const { key } of TASK.wants) expect(code).toContain(`result["${key}"]`)
})

test.each([null, { class: 'KeyError', message: '', code: '' }])(
  'columns of devices are summed by position (%j)',
  async (previous_error) => {
    const files = [
      {
        name: 'devices.csv',
        columns: ['start', 'Fridge "x"\nimport os', 'Heat pump'],
        rows: 1,
        description: '',
      },
    ]
    const wants = [{ key: 'heat_pump_total_kwh' }, { key: 'made_up_thing' }]
    const code = await scriptFor({ files, wants, previous_error })
    expect(code).not.toContain('import os')
    expect(code).not.toContain('Fridge')
    expect(code).toContain('made_up_thing"] = None')
    expect(code).toMatch(previous_error ? /cells\[2\]/ : /iloc\[:, 2\]/)
  },
)

test.each([
  ['a path', { name: '../../etc/passwd', columns: ['start', 'watts'] }],
  ['code in a name', { name: 'x.csv")\nimport os', columns: ['start', 'watts'] }],
  ['no columns', { name: 'x.csv' }],
])('a file with %s is not read', async (_, file) => {
  const code = await scriptFor({ files: [file] })
  expect(code).not.toMatch(/read_csv|passwd|import os/)
  expect(code).toContain('None')
})

test('a key that is no plain name never reaches the source', async () => {
  expect(await scriptFor({ wants: [{ key: "x'] = __import__('os') #" }] })).not.toContain('__import__')
})
