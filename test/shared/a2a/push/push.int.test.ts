import { createHmac } from 'node:crypto'
import type { TaskPushNotificationConfig } from '@a2a-js/sdk'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { createPushMethods } from '../../../../shared/a2a/push/push.ts'
import { createPushKeys } from '../../../../shared/a2a/push/seal.ts'
import { createPushSender, type PushNet } from '../../../../shared/a2a/push/sender.ts'
import { createLog } from '../../../../shared/config/log.ts'
import { withDatabase } from '../../../harness/database.ts'
import { processesOn } from '../postgres/support.ts'
import { completed, newTask, ref, working } from '../task-store-contract.ts'

const database = withDatabase()
const { process, closeAll } = processesOn(database)
afterEach(async () => {
  await closeAll()
  await database.db.execute(sql`truncate a2a_tasks cascade`)
})

const SECRET = '0123456789abcdef'
const rules = { origins: ['https://hooks.example.com'], anywhere: false }
const log = createLog({ write: () => {}, level: 'silent', service: 's', now: Date.now, secrets: [] })

interface Sent {
  readonly url: string
  readonly address: string
  readonly headers: Headers
  readonly body: string
}

/** A way out that only notes what it is asked; the answers come one after the other, then 200. */
function fakeNet(given: { answers?: (number | Error)[]; addresses?: string[] } = {}) {
  const sent: Sent[] = []
  const asked: string[] = []
  const { answers = [], addresses = ['93.184.216.34'] } = given
  const net: PushNet = {
    async resolve(host) {
      asked.push(host)
      return addresses
    },
    async fetch(request, address) {
      const answer = answers.shift() ?? 200
      if (answer instanceof Error) throw answer
      sent.push({ url: request.url, address, headers: request.headers, body: await request.text() })
      return new Response(null, { status: answer })
    },
  }
  return { net, sent, asked }
}

function setup(fake = fakeNet()) {
  const tasks = process()
  const shared = { db: database.db, service: 'ds_analysts' as const, keys: createPushKeys(SECRET), rules }
  let ids = 0
  const push = createPushMethods({ ...shared, tasks, newId: (prefix) => `${prefix}_${++ids}` })
  const sender = (holder = 'one') =>
    createPushSender({ ...shared, holder, net: fake.net, now: () => Date.now(), log, random: () => 0 })
  return { tasks, push, sender, ...fake }
}

const wish = (given: Partial<TaskPushNotificationConfig> = {}): TaskPushNotificationConfig => ({
  tenant: '',
  id: 'mine',
  taskId: ref.id,
  url: 'https://hooks.example.com/a2a',
  token: 'the token',
  authentication: { scheme: 'Bearer', credentials: 'the credentials' },
  ...given,
})
const due = () => database.db.execute(sql`update a2a_push_configs set due_at = now()`)
const row = async () => (await database.db.execute(sql`select * from a2a_push_configs`))[0]
const kinds = (sent: readonly Sent[]) => sent.map(({ body }) => Object.keys(JSON.parse(body))[0])

describe('the wishes of a task', () => {
  test('are kept, listed, read and deleted; their secrets are never shown', async () => {
    const { tasks, push } = setup()
    await tasks.create(newTask())
    const made = await push.create(wish(), ref.owner)
    expect(made).toMatchObject({
      id: 'mine',
      taskId: ref.id,
      url: 'https://hooks.example.com/a2a',
      token: '',
    })
    const key = { tenant: '', taskId: ref.id, id: 'mine' }
    expect(await push.get(key, ref.owner)).toEqual(made)
    expect(made.authentication).toEqual({ scheme: 'Bearer', credentials: '' })
    expect((await push.list({ ...key, pageSize: 0, pageToken: '' }, ref.owner)).configs).toEqual([made])
    expect(JSON.stringify(await row())).not.toMatch(/the token|the credentials/)
    await push.delete(key, ref.owner)
    await push.delete(key, ref.owner)
    await expect(push.get(key, ref.owner)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' })
  })

  test('are nobody else’s', async () => {
    const { tasks, push } = setup()
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    const key = { tenant: '', taskId: ref.id, id: 'mine', pageSize: 0, pageToken: '' }
    for (const call of [
      () => push.create(wish(), 'other'),
      () => push.get(key, 'other'),
      () => push.list(key, 'other'),
      () => push.delete(key, 'other'),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' })
  })

  test.each<[string, Partial<TaskPushNotificationConfig>]>([
    ['a target that is not allowed', { url: 'https://evil.example/' }],
    ['a token that would be a further header', { token: 'x\r\nx-evil: 1' }],
    ['a scheme that is none', { authentication: { scheme: 'Bearer x', credentials: '' } }],
    ['credentials over a line', { authentication: { scheme: 'Bearer', credentials: 'x\ny' } }],
  ])('%s is refused', async (_name, given) => {
    const { tasks, push, asked, sent } = setup()
    await tasks.create(newTask())
    await expect(push.create(wish(given), ref.owner)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect([asked, sent]).toEqual([[], []])
  })

  test('are ten at most', async () => {
    const { tasks, push } = setup()
    await tasks.create(newTask())
    for (let n = 0; n < 10; n++) await push.create(wish({ id: `w${n}` }), ref.owner)
    await expect(push.create(wish({ id: 'w10' }), ref.owner)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await push.create(wish({ id: 'w9' }), ref.owner)
  })
})

describe('what happens to a task', () => {
  test('goes out in order, signed, with what the receiver gave, once', async () => {
    const { tasks, push, sender, sent, asked } = setup()
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [working])
    await sender().send()
    await tasks.append(ref, 2, [completed])
    await sender().send()
    await sender().send()
    expect(kinds(sent)).toEqual(['statusUpdate', 'statusUpdate'])
    expect(JSON.parse(sent[1]?.body ?? '').statusUpdate.status.state).toBe('TASK_STATE_COMPLETED')
    expect(asked).toEqual(['hooks.example.com', 'hooks.example.com'])
    const { headers, body, url, address } = sent[1] as Sent
    expect([url, address]).toEqual(['https://hooks.example.com/a2a', '93.184.216.34'])
    expect(headers.get('content-type')).toBe('application/a2a+json')
    expect(headers.get('authorization')).toBe('Bearer the credentials')
    expect(headers.get('x-a2a-notification-token')).toBe('the token')
    const id = headers.get('webhook-id')
    expect(id).toBe('task_1.3')
    const text = `${id}.${headers.get('webhook-timestamp')}.${body}`
    const mac = createHmac('sha256', SECRET).update(text).digest('base64')
    expect(headers.get('webhook-signature')).toBe(`v1,${mac}`)
  })

  test('is tried again later after a fault, from where it was, and the attempts are counted', async () => {
    const { tasks, push, sender, sent } = setup(fakeNet({ answers: [200, 503, new TypeError('reset')] }))
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [working, working, completed])
    await sender().send()
    expect(await row()).toMatchObject({ attempts: 1, fault: 'HTTP 503', delivered: '2', dead_at: null })
    await sender().send() // not due yet
    expect(sent).toHaveLength(2)
    await due()
    await sender().send()
    expect(await row()).toMatchObject({ attempts: 2, fault: 'the connection failed' })
    await due()
    await sender().send()
    expect(sent.map(({ headers }) => headers.get('webhook-id'))).toEqual([
      'task_1.2',
      'task_1.3',
      'task_1.3',
      'task_1.4',
    ])
    expect(await row()).toMatchObject({ attempts: 0, delivered: '4', fault: null })
  })

  test('is given up in the end', async () => {
    const { tasks, push, sender } = setup(fakeNet({ answers: [500] }))
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [completed])
    await database.db.execute(sql`update a2a_push_configs set attempts = 24`)
    await sender().send()
    expect((await row())?.dead_at).not.toBeNull()
    await due()
    const again = fakeNet()
    await sender().send()
    expect(again.sent).toEqual([])
  })

  test('is sent by one of two processes', async () => {
    const { tasks, push, sender, sent } = setup()
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [completed])
    await Promise.all([sender('one').send(), sender('two').send()])
    expect(sent).toHaveLength(1)
  })
})

describe('where it would go astray', () => {
  test.each<[string, string[]]>([
    ['a private address', ['10.0.0.1']],
    ['one private address among public ones', ['93.184.216.34', '169.254.169.254']],
    ['an address of IPv4 in one of IPv6', ['::ffff:127.0.0.1']],
    ['no address', []],
  ])('a name with %s gets nothing', async (_name, addresses) => {
    const { tasks, push, sender, sent, asked } = setup(fakeNet({ addresses }))
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [completed])
    await sender().send()
    expect(asked).toEqual(['hooks.example.com'])
    expect(sent).toEqual([])
    expect((await row())?.attempts).toBe(1)
  })

  test('a redirect is not followed', async () => {
    const { tasks, push, sender, sent } = setup(fakeNet({ answers: [302] }))
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await tasks.append(ref, 1, [completed])
    await sender().send()
    expect(sent).toHaveLength(1)
    expect(await row()).toMatchObject({ fault: 'HTTP 302', delivered: '1' })
  })

  test('a target that was taken off the list gets nothing any more', async () => {
    const { tasks, push, sender, sent, asked } = setup()
    await tasks.create(newTask())
    await push.create(wish(), ref.owner)
    await database.db.execute(sql`update a2a_push_configs set url = 'https://evil.example/'`)
    await tasks.append(ref, 1, [completed])
    await sender().send()
    expect([asked, sent]).toEqual([[], []])
    expect((await row())?.dead_at).not.toBeNull()
  })
})
