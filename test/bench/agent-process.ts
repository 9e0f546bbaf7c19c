import { createDb } from '../../shared/storage/db.ts'
import { openDurableAgent } from './durable-agent.ts'
import { overSocket } from './echo-agent.ts'

/** Our agent with its tasks in the Postgres that the argument names, in a process of its own. */
const url = process.argv[2] ?? ''
const { db } = createDb(url, { max: 10 })
const server = await overSocket('ds_analysts', openDurableAgent(db, url, 'bench process').fetch)
process.on('disconnect', () => process.exit())
process.send?.({ url: server.url })
