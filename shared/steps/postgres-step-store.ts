import type { Db } from '../storage/db.ts'
import { persistently } from '../storage/persistently.ts'
import { readSteps, writeStep } from '../storage/steps/run-steps.ts'
import type { StepStore } from './step-log.ts'

/** Finished steps in Postgres, beside the runs that they belong to and end with; a short outage is waited for. */
export function createPostgresStepStore(db: Db): StepStore {
  return {
    read: (place) => persistently(() => readSteps(db, place)),
    write: (place, position, step) => persistently(() => writeStep(db, place, position, step)),
  }
}
