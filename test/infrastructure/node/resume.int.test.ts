import { expect, onTestFinished, test } from 'vitest'
import { createFakeModel } from '../../fakes/fake-model.ts'
import { goodModel, type Job, jobOf } from '../../fakes/team-model.ts'
import { install } from '../../harness/installation.ts'
import { serveFetch } from '../../harness/serve-fetch.ts'

/**
 * Where the run is when its process is killed: in the call of the model for this, which never answers. Each waits for a
 * lease to run out; FULL=1 takes all.
 */
const DYING: readonly Job[] = process.env.FULL ? ['converse', 'script', 'synthesise'] : ['synthesise']

/** What a run that is left alone asks the model for, in order. */
const WHOLE: readonly Job[] = ['route', 'converse', 'select', 'script', 'synthesise']

test.each(DYING)(
  'kill -9 while the model is asked to %s: the next process finishes the run, and no finished call is made again',
  async (dying) => {
    const calls: Job[] = []
    const killed = Promise.withResolvers<void>()
    let hangs = true
    const model = createFakeModel([
      {
        kind: 'answer',
        by(body) {
          const job = jobOf(body)
          calls.push(job)
          if (job !== dying || !hangs) return goodModel(body)
          killed.resolve()
          return { kind: 'hang_before_headers' }
        },
      },
    ])
    const server = await serveFetch(model.fetch)
    onTestFinished(() => server.stop())
    const place = await install()
    const env = { LLM_BASE_URL: `${server.url}/v1`, LLM_MODEL: 'test-model' }
    const first = await place.start(env)
    const headers = {
      authorization: `Bearer ${place.variable('API_KEY')}`,
      'content-type': 'application/json',
    }
    const response = await fetch(`${first.url}/api/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        model: 'aether/auto',
        stream: true,
        messages: [{ role: 'user', content: 'How much energy did I use last week?' }],
      }),
    })
    const id = response.headers.get('x-aether-run-id')
    await killed.promise
    first.child.kill('SIGKILL')
    await first.ended
    // The connection is cut, and nobody is told that this was all.
    const said = await response.text().catch(() => 'cut')
    expect(said).not.toContain('[DONE]')

    hangs = false
    const second = await place.start(env)
    const run = async () =>
      (await (await fetch(`${second.url}/api/v1/runs/${id}`, { headers })).json()) as {
        state: string
        answer: string
        analysis_ids: string[]
      }
    // The lease of the dead process has to run out first.
    await expect.poll(async () => (await run()).state, { timeout: 30_000, interval: 200 }).toBe('completed')
    const { answer, analysis_ids: analyses } = await run()
    expect(answer).toMatch(/\d+(\.\d+)? kWh/)
    expect(analyses).toHaveLength(1)
    expect((await fetch(`${second.url}/api/v1/analyses/${analyses[0]}`, { headers })).status).toBe(200)
    const at = WHOLE.indexOf(dying)
    expect(calls).toEqual([...WHOLE.slice(0, at + 1), ...WHOLE.slice(at)])
  },
)
