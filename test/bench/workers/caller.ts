import { Hono } from 'hono'
import { createSecret } from '../../../shared/config/secret.ts'
import { createNewId } from '../../../shared/domain/ids.ts'
import { serviceBinding, type WorkerEnv } from '../../../shared/worker/bindings.ts'
import { linkOf, peerOver } from '../../../shared/worker/peer.ts'

const bare = new Hono().post('/bare', async (c) => c.json(await c.req.json()))
const now = () => Date.now()
const newId = createNewId(now)
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

const post = () =>
  new Request('http://callee.internal/bare', {
    method: 'POST',
    body: '{"text":"hi"}',
    headers: { 'content-type': 'application/json' },
  })

/** The near end of the bench: makes so many calls of a kind, one after the other, within one request. */
export default {
  async fetch(request: Request, env: WorkerEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const { signal } = new AbortController()
    const callee = serviceBinding(env, 'CALLEE')
    const peer = peerOver(
      linkOf('ds_analysts', callee),
      { from: 'ds_orchestrator', to: 'ds_analysts' },
      createSecret(String(env.SERVICE_SECRET)),
      { now, newId },
    )
    const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
      '/same': async () => (await bare.fetch(post())).json(),
      '/binding': async () => (await callee.fetch(post())).json(),
      '/hop': async () => {
        const deadline = now() + 60_000
        const call = { user: 'bench', messageId: newId('msg'), deadline, signal, traceparent: TRACE }
        for await (const _ of peer.call({ text: 'hi' }, call));
      },
    }
    const run = kinds[pathname]
    if (!run) return new Response('no such kind', { status: 404 })
    for (let left = Number(searchParams.get('calls')); left > 0; left--) await run()
    return new Response('done')
  },
}
