import { expect, onTestFinished, test } from 'vitest'
import { openModel } from '../../../../infrastructure/node/bootstrap/model.ts'
import { createSecret } from '../../../../shared/config/secret.ts'
import { serveFetch } from '../../../harness/serve-fetch.ts'

const common = { fetch, firstByteMs: 1_000, now: () => 0, newId: () => 'id' }

async function provider(list: unknown): Promise<string> {
  const server = await serveFetch(async (request) =>
    request.headers.get('authorization') === 'Bearer sk-test'
      ? Response.json(list)
      : new Response(null, { status: 401 }),
  )
  onTestFinished(() => server.stop())
  return server.url
}

const open = (baseUrl: string, model: string | null = null) =>
  openModel({ ...common, model: { baseUrl, apiKey: createSecret('sk-test'), model } })

test('without a provider the offline model answers', async () => {
  expect(await openModel({ ...common, model: null })).toMatchObject({ offline: true, name: 'aether-offline' })
})

test('LLM_MODEL is taken as it is, whether the provider is up or not', async () => {
  expect(await open('http://127.0.0.1:1/v1', 'llama3')).toMatchObject({ offline: false, name: 'llama3' })
})

test("without LLM_MODEL it is the first of the provider's list that can talk", async () => {
  const list = { data: [{ id: 'nomic-embed-text' }, { id: 'llama3' }, { id: 'other' }] }
  expect(await open(await provider(list))).toMatchObject({ name: 'llama3' })
  expect(await open(await provider({ data: [{ id: 'my-embedder' }] }))).toMatchObject({ name: 'my-embedder' })
})

test('a provider without a list asks for LLM_MODEL in one line', async () => {
  const line = /^LLM_MODEL must be set/
  await expect(open('http://127.0.0.1:1/v1')).rejects.toThrow(line)
  for (const list of [{ data: [] }, [], 'x', { data: [{ name: 'x' }] }])
    await expect(open(await provider(list))).rejects.toThrow(line)
})
