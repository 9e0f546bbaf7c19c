import { expect, test } from 'vitest'
import { createLog } from '../../../shared/config/log.ts'
import { openSteps, placeOf, type StepStore } from '../../../shared/steps/step-log.ts'
import { memorySteps } from '../../fakes/memory-steps.ts'

const RUN = 'run_01m8aje0tr4t21ct5yvcbytg44'

const lines: string[] = []
const log = createLog({
  write: (line) => lines.push(line),
  level: 'info',
  service: 'test',
  now: () => 0,
  secrets: [],
})
const open = (store: StepStore, messageId: string) => {
  const steps = openSteps('architect', { messageId }, { store, log })
  if (!steps) throw new Error('the call belongs to a run')
  return steps
}

test('a place is the same in every execution of a run, and another for each call of an agent', () => {
  expect(placeOf('architect', `${RUN}.1.architect`)).toEqual({ runId: RUN, scope: 'architect.architect' })
  expect(placeOf('architect', `${RUN}.2.architect`)).toEqual(placeOf('architect', `${RUN}.1.architect`))
  expect(placeOf('ds_orchestrator', `${RUN}.1.architect.team1`)).not.toEqual(
    placeOf('ds_orchestrator', `${RUN}.1.architect.team2`),
  )
  for (const id of ['msg_1', 'run_', `${RUN}`, `${RUN}.x`, `x${RUN}.1`])
    expect(placeOf('architect', id)).toBeNull()
})

test.each([1, 2])(
  'execution %i, asked after one that died, meets what is finished, then goes on anew',
  async (execution) => {
    const { store, state, kept } = memorySteps()
    const first = open(store, `${RUN}.1.a`)
    for (const name of ['one', 'two']) {
      expect(await first.next(name)).toBeNull()
      await first.done(name, { of: name })
    }
    expect(await first.next('three')).toBeNull() // and it died here
    expect(state.reads).toBe(1)
    const second = open(store, `${RUN}.${execution}.a`)
    expect(await second.next('one')).toEqual({ output: { of: 'one' } })
    expect(await second.next('two')).toEqual({ output: { of: 'two' } })
    expect(await second.next('three')).toBeNull()
    await second.done('three', 3)
    expect(state.reads).toBe(2)
    expect(kept.size).toBe(3)
  },
)

test('an execution that takes another way does not get the steps of the old one', async () => {
  const { store } = memorySteps()
  const first = open(store, `${RUN}.1.a`)
  for (const name of ['one', 'two', 'three']) {
    await first.next(name)
    await first.done(name, `old ${name}`)
  }
  const second = open(store, `${RUN}.2.a`)
  expect(await second.next('one')).toEqual({ output: 'old one' })
  expect(await second.next('other')).toBeNull()
  await second.done('other', 'new')
  expect(await second.next('three')).toBeNull()
  const third = open(store, `${RUN}.3.a`)
  await third.next('one')
  expect(await third.next('other')).toEqual({ output: 'new' })
})

test('a store that fails makes steps be done again, and says so', async () => {
  const { store, state } = memorySteps()
  const first = open(store, `${RUN}.1.a`)
  await first.next('one')
  state.broken = true
  await first.done('one', 1)
  const second = open(store, `${RUN}.2.a`)
  expect(await second.next('one')).toBeNull()
  expect(lines.map((line) => JSON.parse(line).message)).toEqual([
    'a finished step could not be kept',
    'finished steps could not be read and are done again',
  ])
})
