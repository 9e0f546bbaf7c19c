import { afterAll } from 'vitest'
import { createDemoHome } from '../../../../shared/home/demo/demo-home.ts'
import { parseExpose } from '../../../../shared/home/expose.ts'
import { createExposedHome } from '../../../../shared/home/exposed-home.ts'
import { describeHomeSource } from '../../../contract/home-source.ts'
import { worldFrom } from '../../../fakes/home-assistant/from-home.ts'
import { startFakeHomeAssistant } from '../../../fakes/home-assistant/server.ts'
import { connectTo } from '../../../harness/home-assistant.ts'

const NOW = Date.parse('2026-11-24T10:02:00Z')

const fake = await startFakeHomeAssistant({ world: await worldFrom(createDemoHome({ now: () => NOW }), 14) })
const opened: { close(): void }[] = []

function make() {
  const home = connectTo(fake, { now: () => NOW })
  opened.push(home)
  return home
}

describeHomeSource('fake Home Assistant', make)
describeHomeSource('fake Home Assistant, seen in part', () =>
  createExposedHome(make(), parseExpose(['sensor.*', 'area:kitchen', 'kind:light'])),
)

afterAll(async () => {
  for (const home of opened) home.close()
  await fake.stop()
})
