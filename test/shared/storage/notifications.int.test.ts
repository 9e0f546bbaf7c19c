import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createNotifications } from '../../../shared/storage/notifications.ts'
import { withDatabase } from '../../harness/database.ts'

const database = withDatabase()

test('texts are heard by others and oneself, again after the connections were ended', async () => {
  const one = createNotifications(database.url, 'words')
  const two = createNotifications(database.url, 'words')
  const heard = { one: new Set<string>(), two: new Set<string>() }
  one.listen((text) => heard.one.add(text))
  two.listen((text) => heard.two.add(text))
  const sayUntilHeard = async (text: string) => {
    while (!heard.one.has(text) || !heard.two.has(text)) {
      one.publish(text)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await sayUntilHeard('first')
  await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
  await sayUntilHeard('second')
  expect([...heard.two]).toEqual(['first', 'second'])
  await Promise.all([one.close(), two.close()])
})
