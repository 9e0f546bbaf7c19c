import { join } from 'node:path'
import { toHyperdriveUrl } from '../../infrastructure/miniflare/database-url.ts'
import { openDatabase } from '../harness/database.ts'
import { LISTENING, startWorkerd } from '../harness/workerd.ts'
import { type Capabilities, type Host, opening } from './profile.ts'

const onOff = (on: boolean) => (on ? 'on' : 'off')

/** The kit's agent as a worker in a real workerd, with tasks in Postgres. */
export async function startOnWorkers({ streaming, push }: Capabilities): Promise<Host> {
  return opening(async (closers) => {
    const database = await openDatabase()
    closers.add('database', database.drop)
    const runtime = await startWorkerd(
      {
        tck: {
          entry: join(import.meta.dirname, 'worker.ts'),
          bindings: { STREAMING: onOff(streaming), PUSH: onOff(push) },
          more: { hyperdrives: { HYPERDRIVE: toHyperdriveUrl(database.tcpUrl) }, ...LISTENING },
        },
      },
      (line) => console.error(line),
    )
    closers.add('workerd', () => runtime.dispose())
    const { origin } = await runtime.unsafeGetDirectURL('tck')
    return origin
  })
}
