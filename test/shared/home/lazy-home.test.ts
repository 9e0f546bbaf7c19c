import { expect, it } from 'vitest'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { createLazyHome } from '../../../shared/home/lazy-home.ts'

const options = { signal: new AbortController().signal }

it('is opened by the first read, and once', async () => {
  let opened = 0
  const demo = createDemoHome({ now: () => Date.parse('2026-11-24T10:00:00Z') })
  const home = createLazyHome(() => {
    opened++
    return demo
  })
  expect(opened).toBe(0)
  expect(await home.info(options)).toEqual(await demo.info(options))
  expect(await home.automations(options)).toEqual(await demo.automations(options))
  expect(opened).toBe(1)
})

it('rejects where it cannot be opened, as a read that fails', async () => {
  const home = createLazyHome(() => {
    throw new Error('no address')
  })
  await expect(home.states(options)).rejects.toThrow('no address')
})
