import { describe, expect, it } from 'vitest'
import type { AgentDeps } from '../../../functions/ds_analysts/deps.ts'
import { runScript, type ScriptTask } from '../../../functions/ds_analysts/run-script.ts'
import { AnalysisState } from '../../../functions/ds_analysts/state.ts'
import type { ScriptRun } from '../../../shared/domain/analysis.ts'
import type { AgentEvent } from '../../../shared/domain/event.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { readDataBlock } from '../../../shared/llm/data-block.ts'
import type { LanguageModel, ModelChunk, ModelRequest } from '../../../shared/llm/port.ts'
import type { SandboxJob, SandboxResult } from '../../../shared/sandbox/port.ts'
import { aHome, aRequest } from '../../fakes/records.ts'

const task: ScriptTask = {
  analyst: 'energy',
  files: [
    {
      name: 'energy.csv',
      columns: ['start', 'kwh'],
      rows: 1,
      description: 'energy',
      content: 'start,kwh\n2026-11-17T00:00:00Z,1\n',
    },
  ],
  wants: [{ key: 'total_kwh', unit: 'kWh', description: 'the sum' }],
}
const call = {
  user: 'me',
  messageId: 'm',
  deadline: 1e15,
  signal: new AbortController().signal,
  traceparent: '',
}
const ended = (over: Partial<SandboxResult>): SandboxResult => ({
  exitClass: 'ok',
  exitCode: 0,
  stdout: '',
  stderr: '',
  result: { total_kwh: 1 },
  timings: {},
  tier: 'gvisor',
  ...over,
})
const keyError = ended({
  exitClass: 'error',
  exitCode: 1,
  result: null,
  stderr: "Traceback (most recent call last):\nKeyError: 'watts'",
})
const nameError = ended({
  exitClass: 'error',
  exitCode: 1,
  result: null,
  stderr: "NameError: name 'x' is not defined",
})

/** Runs the loop with a model that submits these codes and a sandbox that ends like this, one a try. */
async function loop(
  outcomes: SandboxResult[],
  codes: (string | AetherError)[] = ['one', 'two', 'three', 'four'],
) {
  const asked: ModelRequest[] = []
  const jobs: SandboxJob[] = []
  const llm: LanguageModel = {
    offline: false,
    name: 'scripted',
    resolve: async () => 'scripted',
    async *stream(request): AsyncGenerator<ModelChunk> {
      asked.push(request)
      const code = codes[asked.length - 1]!
      if (code instanceof AetherError) throw code
      yield {
        kind: 'tool_call',
        call: { id: 'c', name: 'submit_script', arguments: JSON.stringify({ code }) },
      }
      yield { kind: 'usage', model: 'scripted', promptTokens: 1, completionTokens: 1, totalTokens: 2 }
    },
  }
  const sandbox = {
    run: async (job: SandboxJob) => {
      jobs.push(job)
      return outcomes[jobs.length - 1]!
    },
    status: async () => ({ tier: 'gvisor' as const, runsc: null, platform: null, reason: null }),
  }
  let n = 0
  const deps = { now: () => 0, newId: (p: string) => `${p}_${++n}`, llm, sandbox } as unknown as AgentDeps
  const state = new AnalysisState(aRequest(), aHome(), deps.newId)
  const events: AgentEvent[] = []
  const steps = runScript(task, state, deps, call)
  let step = await steps.next()
  while (!step.done) {
    if (step.value.kind !== 'output') events.push(step.value)
    step = await steps.next()
  }
  return { run: step.value as ScriptRun | null, state, asked, jobs, events }
}

describe('runScript', () => {
  it('gives the files by plain name and keeps what came of it', async () => {
    const { run, jobs, state } = await loop([ended({})])
    expect(jobs[0]).toMatchObject({ script: 'one', files: [{ name: 'energy.csv' }] })
    expect(run).toMatchObject({
      exitClass: 'ok',
      errorClass: null,
      result: { total_kwh: 1 },
      files: ['energy.csv'],
    })
    expect(state.scripts).toHaveLength(1)
  })

  it('feeds the error back and keeps the failed step', async () => {
    const { run, asked, state, events } = await loop([keyError, ended({})])
    expect(run?.exitClass).toBe('ok')
    expect(state.scripts.map((s) => s.errorClass)).toEqual(['KeyError', null])
    const messages = asked[1]!.messages.map(({ role, content }) => ({ role, content }))
    expect(readDataBlock(messages, 'script_task')).toMatchObject({
      previous_error: { class: 'KeyError', code: 'one' },
    })
    expect(events.filter((e) => e.kind === 'status').map((e) => e.text)).toEqual([
      'Running a script in the sandbox',
      'The script failed: KeyError (try 1 of 3)',
      'Running the repaired script, try 2 of 3',
      'The script ran to its end (try 2 of 3)',
    ])
  })

  it('gives up on the same error twice, and after three tries', async () => {
    expect((await loop([keyError, keyError, ended({})])).jobs).toHaveLength(2)
    expect((await loop([keyError, nameError, keyError, ended({})])).jobs).toHaveLength(3)
  })

  it('does not ask again where there is no sandbox', async () => {
    const { run, asked } = await loop([
      ended({ exitClass: 'unavailable', tier: 'unavailable', result: null }),
    ])
    expect(run?.exitClass).toBe('unavailable')
    expect(asked).toHaveLength(1)
  })

  it('goes on without a script when the model does not answer, and says so', async () => {
    const { run, jobs, events } = await loop([], [new AetherError('LLM_UNAVAILABLE')])
    expect(run).toBeNull()
    expect(jobs).toHaveLength(0)
    expect(events.at(-1)).toMatchObject({ kind: 'status', text: expect.stringContaining('no script') })
  })
})
