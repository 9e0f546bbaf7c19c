import * as v from 'valibot'
import type { ScriptRun } from '../../shared/domain/analysis.ts'
import type { AgentYield } from '../../shared/domain/event.ts'
import type { AnalystName } from '../../shared/domain/names.ts'
import type { CallContext } from '../../shared/domain/turn.ts'
import { toAetherError } from '../../shared/errors/aether-error.ts'
import { completeTool } from '../../shared/llm/complete.ts'
import { dataBlock } from '../../shared/llm/data-block.ts'
import type { SandboxFile, SandboxLimits } from '../../shared/sandbox/port.ts'
import type { AgentDeps } from './deps.ts'
import { keepOutcome } from './keep-outcome.ts'
import { SCRIPT_PROMPT, SCRIPT_TOOL } from './prompt.ts'
import type { AnalysisState } from './state.ts'

export const SCRIPT_TRIES = 3
const LIMITS: SandboxLimits = { wallMs: 30_000, cpuS: 20, memoryMb: 512, outputBytes: 65_536 }
const Submission = v.object({ code: v.pipe(v.string(), v.minLength(1), v.maxLength(100_000)) })

export interface ScriptTask {
  readonly analyst: AnalystName
  readonly files: readonly (SandboxFile & {
    readonly columns: readonly string[]
    readonly rows: number
    readonly description: string
  })[]
  readonly wants: readonly { readonly key: string; readonly unit: string; readonly description: string }[]
}

interface PreviousError {
  readonly class: string
  readonly message: string
  readonly code: string
}

/**
 * Has the model write a script for the task and runs it in the sandbox: at most 3 tries, the error of the last fed
 * back; the same error class twice ends it. Each try is kept in the state, failed ones too. Returns the last one, or
 * null where the model gave no script at all. A model that does not answer is no reason to lose the metrics.
 */
export async function* runScript(
  task: ScriptTask,
  state: AnalysisState,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, ScriptRun | null> {
  let previous: PreviousError | null = state.request.strategy.scriptError
    ? { class: state.request.strategy.scriptError, message: '', code: '' }
    : null
  let last: ScriptRun | null = null
  for (let number = 1; number <= SCRIPT_TRIES; number++) {
    const code = yield* writeScript(task, previous, state, deps, call)
    if (code === null) return last
    const tried = `try ${number} of ${SCRIPT_TRIES}`
    yield {
      kind: 'status',
      text: number === 1 ? 'Running a script in the sandbox' : `Running the repaired script, ${tried}`,
      step: 'script',
    }
    const outcome = await deps.sandbox.run(
      { script: code, files: task.files.map(({ name, content }) => ({ name, content })), limits: LIMITS },
      { signal: call.signal, deadline: call.deadline, user: call.user, traceparent: call.traceparent },
    )
    const errorClass =
      outcome.exitClass === 'ok'
        ? null
        : (outcome.errorClass ?? errorClassOf(outcome.stderr, outcome.exitClass))
    last = state.script({
      id: deps.newId('scr'),
      analyst: task.analyst,
      attempt: state.request.strategy.attempt,
      code,
      files: task.files.map((file) => file.name),
      errorClass,
      ...keepOutcome(outcome),
    })
    if (outcome.exitClass === 'unavailable') {
      yield {
        kind: 'status',
        text: 'No sandbox is there, so no script ran; the metrics stand without it',
        step: 'script',
      }
      return last
    }
    const ended = errorClass === null ? 'ran to its end' : `failed: ${errorClass}`
    yield { kind: 'status', text: `The script ${ended} (${tried})`, step: 'script' }
    if (errorClass === null) return last
    if (previous?.class === errorClass) return last
    previous = { class: errorClass, message: outcome.stderr.slice(-1_500), code }
  }
  return last
}

async function* writeScript(
  task: ScriptTask,
  previous: PreviousError | null,
  state: AnalysisState,
  deps: AgentDeps,
  call: CallContext,
): AsyncGenerator<AgentYield, string | null> {
  const description = {
    analyst: task.analyst,
    focus: state.request.focus,
    time_zone: state.info.timeZone,
    window: state.request.window,
    files: task.files.map(({ name, columns, rows, description }) => ({ name, columns, rows, description })),
    wants: task.wants,
    previous_error: previous,
  }
  try {
    const reply = await completeTool(
      deps.llm,
      {
        purpose: 'script',
        model: null,
        tools: [SCRIPT_TOOL],
        requiredTool: SCRIPT_TOOL.name,
        messages: [
          { role: 'system', content: SCRIPT_PROMPT },
          { role: 'user', content: dataBlock('script_task', description, deps.newId('call')) },
        ],
      },
      call,
    )
    yield { kind: 'usage', service: 'ds_analysts', ...reply.usage }
    const parsed = v.safeParse(Submission, reply.arguments ?? { code: fencedCode(reply.text) })
    return parsed.success ? parsed.output.code : null
  } catch (thrown) {
    const error = toAetherError(thrown)
    if (error.code !== 'LLM_UNAVAILABLE') throw thrown
    yield {
      kind: 'status',
      text: 'The language model wrote no script; the metrics stand without its check',
      step: 'script',
    }
    return null
  }
}

/** Some models write the script into their text instead of calling the tool. */
function fencedCode(text: string): string | undefined {
  return /```(?:python|py)?[^\S\n]*\n([\s\S]*?)```/.exec(text)?.[1]
}

/** Name of the exception in the last line of a traceback, else the exit class. */
function errorClassOf(stderr: string, exitClass: string): string {
  const last = stderr.trimEnd().split('\n').at(-1) ?? ''
  return /^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit))\b/.exec(last)?.[1] ?? exitClass
}
