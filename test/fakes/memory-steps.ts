import type { Step, StepPlace, StepStore } from '../../shared/steps/step-log.ts'

/** A store in memory that can be told to fail. */
export function memorySteps() {
  const kept = new Map<string, Step>()
  const state = { broken: false, reads: 0 }
  const keyOf = ({ runId, scope }: StepPlace, position: number) => `${runId} ${scope} ${position}`
  const store: StepStore = {
    async read(place) {
      state.reads++
      if (state.broken) throw new Error('connection lost')
      const steps: Step[] = []
      for (let i = 1; kept.has(keyOf(place, i)); i++) steps.push(kept.get(keyOf(place, i))!)
      return steps
    },
    async write(place, position, step) {
      if (state.broken) throw new Error('connection lost')
      kept.set(keyOf(place, position), step)
    },
  }
  return { store, state, kept }
}
