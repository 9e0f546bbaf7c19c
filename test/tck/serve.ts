import { createPostgresTaskStore } from '../../shared/a2a/postgres/postgres-task-store.ts'
import { createLog } from '../../shared/config/log.ts'
import { createDb } from '../../shared/storage/db.ts'
import { createNotifications } from '../../shared/storage/notifications.ts'
import { serveAgent } from './serve-agent.ts'

// A process with the conformance kit's agent, tasks in the database that DATABASE_URL names; it prints its address.
const now = () => Date.now()
const log = createLog({
  write: (line) => console.error(line),
  level: 'error',
  service: 'tck',
  now,
  secrets: [],
})
const url = process.env.DATABASE_URL ?? ''
const tasks = createPostgresTaskStore({
  db: createDb(url, { max: 4 }).db,
  service: 'gateway',
  holder: `process_${process.pid}`,
  now,
  log,
  words: createNotifications(url, 'a2a'),
  leaseMs: Number(process.env.LEASE_MS),
})
tasks.start()
const server = await serveAgent({ tasks, push: null, log })
console.log(server.url)
