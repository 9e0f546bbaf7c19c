import type { Db } from '../storage/db.ts'
import { readSteps, writeStep } from '../storage/steps/run-steps.ts'
import type { StepStore } from './step-log.ts'

/** Finished steps in Postgres, beside the runs that they belong to and end with. */
export function createPostgresStepStore(db: Db): StepStore {
  return {
    read: (place) => readSteps(db, place),
    write: (place, position, step) => writeStep(db, place, position, step),
  }
}
