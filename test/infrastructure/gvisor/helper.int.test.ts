import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

/** What docs/scripts.md promises to whoever writes a script. */
describe.skipIf(WITHOUT_SANDBOX)('the module aether in real gVisor', () => {
  let real: RealSandbox
  beforeAll(async () => {
    real = await openRealSandbox({ poolSize: 1 })
    real.sandbox.warm()
  })
  afterAll(() => real.close())

  const run = (...lines: string[]) =>
    real.run(['import aether, numpy as np, pandas as pd', ...lines].join('\n'))

  it('reports figures with unit and instant, apart from the result', async () => {
    const { metrics, result } = await run(
      'aether.metric("peak", np.float64(1.5), "kW", at=pd.Timestamp("2026-01-02", tz="UTC"))',
      'aether.metric("unknown", float("nan"), "kWh")',
      'aether.metric("count", np.int64(3), "count")',
    )
    expect(result).toBeNull()
    expect(metrics).toEqual([
      { name: 'peak', value: 1.5, unit: 'kW', at: '2026-01-02T00:00:00+00:00' },
      { name: 'unknown', value: null, unit: 'kWh', at: null },
      { name: 'count', value: 3, unit: 'count', at: null },
    ])
  })

  it.each([
    ['text', 'aether.metric("x", "1.5", "kW")', 'TypeError'],
    ['a truth value', 'aether.metric("x", True, "kW")', 'TypeError'],
    ['a list', 'aether.metric("x", [1], "kW")', 'TypeError'],
    ['a chart of text', 'aether.chart("x", ["a"])', 'TypeError'],
    ['a chart of nothing', 'aether.chart("x", [None])', 'ValueError'],
    ['an unknown kind of chart', 'aether.chart("x", [1], kind="pie")', 'ValueError'],
    ['a name with a folder', 'aether.artifact("a/b.csv", "1")', 'ValueError'],
  ])('refuses %s with its reason', async (_, line, errorClass) => {
    const answer = await run(line)
    expect(answer).toMatchObject({ exitClass: 'error', errorClass })
    expect(answer.stderr).toMatch(/File "script.py", line 2[\s\S]*Error: aether\.\w+: /)
  })

  it('draws what a script has at hand: lists, arrays, Series, frames, one number a name', async () => {
    const { artifacts, artifactsRefused, exitClass, stderr } = await run(
      'days = pd.date_range("2026-01-01", periods=3, tz="UTC")',
      'series = pd.Series([1.0, None, 3.0], index=days)',
      'aether.chart("a list", [1, 2, 3], title="A <b> & c", unit="kWh")',
      'aether.chart("series", series)',
      'aether.chart("dict", {"used": series, "made": np.array([3, 2, 1])}, x=days, kind="bar")',
      'aether.chart("frame", pd.DataFrame({"a": [1, -2], "b": [3, 4]}, index=["x", "y"]))',
      'aether.chart("single", {"Mon": 3, "Tue": np.float64(5)}, kind="bar")',
      'aether.chart("twice", pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]))',
    )
    expect([exitClass, stderr, artifactsRefused]).toEqual(['ok', '', []])
    const drawn = new Map(artifacts?.map(({ name, content }) => [name, content]))
    expect([...drawn.keys()].toSorted()).toEqual(
      ['a list', 'dict', 'frame', 'series', 'single', 'twice'].map((name) => `${name}.svg`),
    )
    expect(drawn.get('a list.svg')).toContain('A &lt;b&gt; &amp; c')
    expect(drawn.get('series.svg')).toContain('2026-01-03T00:00')
    // A gap in the values is a gap in the line.
    expect(
      drawn
        .get('series.svg')
        ?.match(/ d="(M[^"]+)"/)?.[1]
        ?.match(/M/g),
    ).toHaveLength(2)
    expect(drawn.get('dict.svg')?.match(/<rect /g)).toHaveLength(1 + 2 + 3)
    expect(drawn.get('single.svg')).toMatch(/Mon[\s\S]*Tue/)
    for (const content of drawn.values()) expect(content).not.toMatch(/\bnan\b|\binf\b|None/)
  })

  it('keeps tables and data as files', async () => {
    const { artifacts } = await run(
      'aether.artifact("t.csv", pd.DataFrame({"a": [1]}))',
      'aether.artifact("d.json", {"x": np.nan, "at": pd.Timestamp("2026-01-01")})',
    )
    expect(artifacts).toMatchObject([
      { name: 'd.json', type: 'application/json', content: '{"x":null,"at":"2026-01-01T00:00:00"}' },
      { name: 't.csv', type: 'text/csv', content: ',a\n0,1\n' },
    ])
  })
})
