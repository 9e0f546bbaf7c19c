import type { Log } from '../config/log.ts'
import type { CallContext } from '../domain/turn.ts'

/** Which agent's work on which run. */
export interface StepPlace {
  readonly runId: string
  /** The agent's call within the run, the same in every execution of it. */
  readonly scope: string
}

/** A finished step: what was done, and what came of it (plain JSON). */
export interface Step {
  readonly name: string
  readonly output: unknown
}

/** Keeps the finished steps of runs until these have ended. */
export interface StepStore {
  /** Steps in their order, up to the first that is missing. */
  read(place: StepPlace): Promise<readonly Step[]>
  write(place: StepPlace, position: number, step: Step): Promise<void>
}

/** The steps of one agent's call. They are taken one after the other. */
export interface Steps {
  /** What came of the next step in an earlier execution; null: it has to be done now. */
  next(name: string): Promise<{ readonly output: unknown } | null>
  /** Keeps what came of the step that was asked for last. Never throws: without it the step is only done again. */
  done(name: string, output: unknown): Promise<void>
}

/** `<run>.<number of the execution><the way from the gateway to this agent>` */
const OF_RUN = /^(run_[0-9a-z]+)\.\d+((?:\.[\w.]+)?)$/
/** What is larger is done again rather than kept. */
const MAX_CHARS = 8_000_000

/** The place of a call of a run; null for a call that belongs to none. */
export function placeOf(service: string, messageId: string): StepPlace | null {
  const match = OF_RUN.exec(messageId)
  if (!match) return null
  const [, runId = '', way = ''] = match
  return { runId, scope: `${service}${way}` }
}

/**
 * Opens the steps of a call; null where it belongs to no run. A run that is taken up again meets its finished steps in
 * their order; from the first that is missing, or is another one than then, everything is done anew.
 */
export function openSteps(
  service: string,
  call: Pick<CallContext, 'messageId'>,
  deps: { readonly store: StepStore; readonly log: Log },
): Steps | null {
  const place = placeOf(service, call.messageId)
  if (!place) return null
  let position = 0
  // Looked up by the first execution of a run too: the agent's process may have died under it, and its caller asked again.
  let earlier: readonly Step[] | null = null
  const fault = (message: string, error: unknown) => deps.log.warn(message, { run_id: place.runId, error })

  const readEarlier = async (): Promise<readonly Step[]> => {
    try {
      return await deps.store.read(place)
    } catch (error) {
      fault('finished steps could not be read and are done again', error)
      return []
    }
  }

  return {
    async next(name) {
      earlier ??= await readEarlier()
      const step = earlier[position]
      position++
      if (step?.name === name) return { output: step.output }
      earlier = []
      return null
    },
    async done(name, output) {
      try {
        const size = JSON.stringify(output)?.length ?? 0
        if (size <= MAX_CHARS) await deps.store.write(place, position, { name, output })
      } catch (error) {
        fault('a finished step could not be kept', error)
      }
    },
  }
}
