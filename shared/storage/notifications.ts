import { openPool } from './db.ts'

/**
 * Short texts between the processes that share a database, by NOTIFY. They come in order from one sender and can be
 * lost, so whoever waits for one looks into the tables now and then.
 */
export interface Notifications {
  /** Sends a text of less than 8,000 bytes; does not wait, and a failure is nobody's concern. */
  publish(text: string): void
  /** Hears every text, its own ones too, from when it is connected on. Gives the way to stop. */
  listen(onText: (text: string) => void): () => void
  close(): Promise<void>
}

const MAX_WAITING = 1_000

/** Opens one connection to send and one to listen on, which the driver opens again when it breaks. */
export function createNotifications(url: string, channel: string): Notifications {
  const sql = openPool(url, { max: 1 })
  const listeners = new Set<(text: string) => void>()
  let waiting = 0
  let listening = false
  const start = () => {
    if (listening) return
    listening = true
    sql
      .listen(channel, (text) => {
        for (const listener of listeners) listener(text)
      })
      .catch(() => {
        listening = false
      })
  }
  return {
    publish(text) {
      // Without a database they would pile up, and say nothing any more when it is back.
      if (waiting >= MAX_WAITING) return
      waiting++
      sql`select pg_notify(${channel}, ${text})`
        .catch(() => {})
        .finally(() => {
          waiting--
        })
    },
    listen(onText) {
      listeners.add(onText)
      start()
      return () => listeners.delete(onText)
    },
    close: () => sql.end({ timeout: 2 }),
  }
}
