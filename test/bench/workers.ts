import { join } from 'node:path'
import { LISTENING, startWorkerd } from '../harness/workerd.ts'
import { compareToFloor, type Ratio } from './rounds.ts'

const CALLS = 100

/**
 * One hop between two workers of one workerd: over the bare service binding, and as our agents speak, with token, task and
 * stream, and everything that a worker opens for each request. Each call of the bench makes a hundred within a request.
 */
export async function benchWorkers(): Promise<Ratio[]> {
  const bindings = { SERVICE_SECRET: 'the-secret-of-the-bench', LOG_LEVEL: 'silent' }
  const entryOf = (name: string) => join(import.meta.dirname, 'workers', `${name}.ts`)
  const runtime = await startWorkerd(
    {
      caller: {
        entry: entryOf('caller'),
        bindings,
        more: { serviceBindings: { CALLEE: 'callee' }, ...LISTENING },
      },
      callee: { entry: entryOf('callee'), bindings },
    },
    () => {},
  )
  try {
    const url = await runtime.unsafeGetDirectURL('caller')
    const of = (kind: string, name: string) => ({
      name,
      units: CALLS,
      run: async () => {
        const response = await fetch(new URL(`/${kind}?calls=${CALLS}`, url))
        if ((await response.text()) !== 'done') throw new Error(`${kind} failed`)
      },
    })
    return await compareToFloor(
      of('same', 'floor: Hono JSON within the worker'),
      [of('binding', 'service binding, Hono JSON'), of('hop', 'A2A hop over a service binding, streamed')],
      { rounds: 9, calls: 5 },
    )
  } finally {
    await runtime.dispose()
  }
}
