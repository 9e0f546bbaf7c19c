import { afterAll } from 'vitest'
import { parseTariff } from '../../shared/home/tariff-file.ts'
import { describeHomeSource } from '../contract/home-source.ts'
import { connectTo } from '../harness/home-assistant.ts'
import { CURRENCY } from './household.ts'
import { describeReleases } from './releases.ts'

describeReleases("the port's contract", (home) => {
  const opened: { close(): void }[] = []
  describeHomeSource('the adapter', () => {
    const source = connectTo(home, { tariff: parseTariff({ currency: CURRENCY, import: [{ rate: 0.1 }] }) })
    opened.push(source)
    return source
  })
  afterAll(() => {
    for (const source of opened) source.close()
  })
})
