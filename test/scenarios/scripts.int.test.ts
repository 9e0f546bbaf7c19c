import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeModel } from '../fakes/fake-model.ts'
import { serveModel } from '../fakes/serve-model.ts'
import { blockOf, calling, goodModel, jobOf } from '../fakes/team-model.ts'
import { ask, read, type Streamed } from '../harness/chat.ts'
import type { Deployment } from '../harness/deployment.ts'
import { describeMatrix } from '../matrix.ts'

interface WireAnalysis {
  readonly metrics: readonly { readonly name: string; readonly value: number }[]
  readonly scripts: readonly Readonly<Record<string, unknown>>[]
}

async function analysisOf(deployment: Deployment, answer: Streamed): Promise<WireAnalysis> {
  const run = await read<{ analysis_ids: string[] }>(deployment, `/api/v1/runs/${answer.runId}`)
  return read<WireAnalysis>(deployment, `/api/v1/analyses/${run.analysis_ids[0]}`)
}

const scriptSteps = ({ events }: Streamed) =>
  events.filter((event) => event.kind === 'status' && event.step === 'script').map((event) => event.text)

/** First a column that is not there; once the error was fed back, the right one, with a figure and a chart beside. */
const WRONG =
  "import pandas as pd, aether\naether.result({'total_kwh': pd.read_csv('power.csv')['kw'].sum()})"
const RIGHT = [
  'import pandas as pd, aether',
  "rows = pd.read_csv('power.csv')",
  "kwh = rows['watts'] * rows['minutes'] / 60000",
  "aether.metric('mean_power', rows['watts'].mean(), 'W')",
  "aether.chart('load', {'W': rows['watts'].head(48)}, x=rows['start'].head(48), title='Load', unit='W')",
  "aether.artifact('page.html', '<script>')",
  "aether.result({'total_kwh': kwh.sum()})",
].join('\n')

let server: Awaited<ReturnType<typeof serveModel>>
beforeAll(async () => {
  const fake = createFakeModel([
    {
      kind: 'answer',
      by: (body) => {
        if (jobOf(body) !== 'script') return goodModel(body)
        const task = blockOf<{ previous_error: { class: string } | null }>(body, 'script_task')
        return calling('submit_script', { code: task?.previous_error?.class === 'KeyError' ? RIGHT : WRONG })
      },
    },
  ])
  server = await serveModel(fake)
})
afterAll(() => server.stop())

describeMatrix('a script that fails', { model: (request) => server.fetch(request) }, (deployment) => {
  let answer: Streamed
  let analysis: WireAnalysis
  beforeAll(async () => {
    answer = await ask(deployment(), 'How much energy did I use last week?')
    analysis = await analysisOf(deployment(), answer)
  })

  it('is repaired, and each try is an event of the run, live and stored', async () => {
    const steps = [
      'Running a script in the sandbox',
      'The script failed: KeyError (try 1 of 3)',
      'Running the repaired script, try 2 of 3',
      'The script ran to its end (try 2 of 3)',
    ]
    expect(scriptSteps(answer)).toEqual(steps)
    const replay = await deployment().fetch(`/api/v1/runs/${answer.runId}/events`)
    const stored = await replay.text()
    const places = steps.map((step) => stored.indexOf(JSON.stringify(step)))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  it('is shown with its analysis, the failed try too', () => {
    expect(analysis.scripts).toMatchObject([
      { code: WRONG, exit_class: 'error', error_class: 'KeyError', result: null, tier: 'gvisor' },
      { code: RIGHT, exit_class: 'ok', error_class: null, files: ['power.csv'], stdout: '', stderr: '' },
    ])
    expect(analysis.scripts[0]?.stderr).toMatch(/File "script.py", line 2[\s\S]*KeyError: 'kw'/)
    expect(analysis.scripts[1]).toHaveProperty('result.total_kwh', expect.any(Number))
    expect(analysis.scripts[1]).toHaveProperty('timings.run_ms', expect.any(Number))
  })

  it('leaves its figures and its chart with the analysis, and what was refused by name', () => {
    expect(analysis.scripts[1]).toMatchObject({
      metrics: [{ name: 'mean_power', value: expect.any(Number), unit: 'W', at: null }],
      artifacts: [{ name: 'load.svg', media_type: 'image/svg+xml', encoding: 'utf8' }],
      artifacts_refused: [{ name: 'page.html', reason: expect.stringContaining('.svg') }],
    })
    expect(analysis.scripts[1]).toHaveProperty(
      'artifacts.0.content',
      expect.stringMatching(/^<svg [\s\S]*<path d="M[\s\S]*<\/svg>$/),
    )
  })
})

describeMatrix('no sandbox', { sandbox: false }, (deployment) => {
  let answer: Streamed
  let analysis: WireAnalysis
  beforeAll(async () => {
    answer = await ask(deployment(), 'Analyze my energy usage')
    analysis = await analysisOf(deployment(), answer)
  })

  it('runs no script, says so in the answer, and gives its metrics all the same', () => {
    expect(analysis.scripts).toMatchObject([{ exit_class: 'unavailable', tier: 'unavailable', result: null }])
    expect(scriptSteps(answer).at(-1)).toMatch(/^No sandbox is there, so no script ran/)
    expect(answer.text).toContain('There is no gVisor sandbox here')
    expect(analysis.metrics.find((metric) => metric.name === 'energy_total')?.value).toBeGreaterThan(0)
    expect(answer.text).toMatch(/\d+\.\d+ kWh/)
    expect(answer.done).toBe(true)
  })

  describe('in the status', () => {
    it('the tier is unavailable, with the reason', async () => {
      const status = await read<{
        sandbox: object
        dependencies: { kind: string; state: string; message: string }[]
      }>(deployment(), '/api/v1/status')
      expect(status.sandbox).toMatchObject({ tier: 'unavailable', runsc: null })
      expect(status.dependencies.find(({ kind }) => kind === 'sandbox')).toMatchObject({
        state: 'off',
        message: expect.stringMatching(/\w/),
      })
    })
  })
})
