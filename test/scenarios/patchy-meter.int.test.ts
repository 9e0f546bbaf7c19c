import { beforeAll, expect, it } from 'vitest'
import { createMeterHome } from '../fakes/meter-home.ts'
import { ask, read, type Streamed } from '../harness/chat.ts'
import { describeMatrix } from '../matrix.ts'

const START = Date.parse('2026-10-31T23:00:00Z')
const DAYS = 28
const hourOf = (hour: number) => hour % 24
/** In the last week the meter's link is down on five nights of seven. */
const lost = (hour: number) => hour >= (DAYS - 7) * 24 && hour % 168 >= 48 && hourOf(hour) < 7

const home = createMeterHome({
  start: START,
  hours: DAYS * 24,
  columns: ['grid_import_kwh'],
  row: (hour) => (lost(hour) ? null : [hourOf(hour) < 7 ? 0.24 : 0.6 + 0.1 * (hour % 5)]),
})

/** The confidence loop where people meet it: a meter with holes, and a question that needs nights. */
describeMatrix('a patchy meter', { home }, (deployment) => {
  let answer: Streamed
  beforeAll(async () => {
    answer = await ask(deployment(), 'What is my baseload?')
  })

  it('makes a low first try visible, and a second one that helps', async () => {
    const attempts = answer.events.filter((event) => event.kind === 'attempt')
    expect(attempts.map((attempt) => attempt.number)).toEqual([1, 2])
    const [first, second] = attempts.map((attempt) => Number(attempt.confidence))
    expect(first).toBeLessThan(0.7)
    expect(second).toBeGreaterThan(0.7)
    expect(attempts[1]?.changes).toEqual(
      expect.arrayContaining([expect.stringMatching(/14 more days before the window/)]),
    )
  })

  it('stores both, and answers from the better one', async () => {
    const run = await read<{ analysis_ids: string[] }>(deployment(), `/api/v1/runs/${answer.runId}`)
    const analysis = await read<{
      confidence: number
      attempts: { number: number }[]
      metrics: { name: string; value: number; attempt: number }[]
    }>(deployment(), `/api/v1/analyses/${run.analysis_ids[0]}`)
    expect(analysis.attempts).toHaveLength(2)
    expect(analysis.confidence).toBeGreaterThan(0.7)
    const found = analysis.metrics.find((metric) => metric.name === 'baseload_p5')
    expect(found).toMatchObject({ attempt: 2, value: expect.closeTo(240, 0) })
    expect(answer.text).toContain('At most about 240 W run all the time')
    expect(answer.text).toMatch(/14 more days before the window were read/)
  })

  it('says what limits it, and that the meter has holes', () => {
    expect(answer.text).toMatch(/Confidence: \d+ %\. \S/)
    expect(answer.text).toMatch(/gap|missing|% of the time/i)
  })
})
