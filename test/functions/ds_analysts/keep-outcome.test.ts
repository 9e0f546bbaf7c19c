import { expect, it } from 'vitest'
import { keepOutcome } from '../../../functions/ds_analysts/keep-outcome.ts'
import { OK_RESULT } from '../../fakes/sandbox.ts'

const chart = (name: string, size: number) => ({
  name,
  type: 'image/svg+xml' as const,
  bytes: size,
  content: 'x'.repeat(size),
  encoding: 'utf8' as const,
})

it('keeps result, metrics and artifacts, and names what the runner refused', () => {
  const metric = { name: 'peak', value: 1, unit: 'kW', at: null }
  const artifactsRefused = [{ name: 'a.exe', reason: 'why' }]
  const kept = keepOutcome({
    ...OK_RESULT,
    result: { x: 1 },
    metrics: [metric],
    artifacts: [chart('a.svg', 9)],
    artifactsRefused,
  })
  expect(kept).toMatchObject({ exitClass: 'ok', result: { x: 1 }, metrics: [metric], artifactsRefused })
  expect(kept.artifacts).toMatchObject([{ name: 'a.svg', mediaType: 'image/svg+xml', bytes: 9 }])
})

it('keeps no more than an event can carry: later ones that do not fit are named', () => {
  const artifacts = [chart('a.svg', 100_000), chart('b.svg', 100_000), chart('c.svg', 10_000)]
  const kept = keepOutcome({ ...OK_RESULT, artifacts })
  expect(kept.artifacts.map(({ name }) => name)).toEqual(['a.svg', 'c.svg'])
  expect(kept.artifactsRefused).toEqual([{ name: 'b.svg', reason: expect.stringContaining('too large') }])
})
