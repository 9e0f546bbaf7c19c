import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { streamText } from 'ai'
import OpenAI from 'openai'
import { expect, it } from 'vitest'
import { describeMatrix } from '../matrix.ts'

/**
 * The client loops that people really use, with events on. A naive loop reads `choices[0].delta` of every chunk and
 * fails on any frame that is not an OpenAI chunk with a choice.
 */
describeMatrix('client loops with events on', {}, (deployment) => {
  const question = 'How much energy did I use yesterday?'
  const messages = [{ role: 'user' as const, content: question }]
  const headers = { 'x-aether-events': '1' }
  const openai = () =>
    new OpenAI({
      baseURL: `${deployment().url}/v1`,
      apiKey: deployment().key,
      defaultHeaders: headers,
      maxRetries: 0,
    })
  const good = (text: string) => expect(text).toMatch(/[\d.]+ kWh/)

  it('openai for Node, the naive loop', async () => {
    const stream = await openai().chat.completions.create({ model: 'aether/auto', stream: true, messages })
    let text = ''
    let events = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]!.delta.content ?? ''
      if ('aether' in chunk) events++
    }
    good(text)
    expect(events).toBeGreaterThan(3)
  })

  it('openai for Node, the guarded loop with usage asked for', async () => {
    const stream = await openai().chat.completions.create({
      model: 'aether/auto',
      stream: true,
      stream_options: { include_usage: true },
      messages,
    })
    let text = ''
    let usage = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? ''
      usage = chunk.usage?.total_tokens ?? usage
    }
    good(text)
    expect(usage).toBeGreaterThan(0)
  })

  it('openai for Node, .stream()', async () => {
    const completion = await openai()
      .chat.completions.stream({ model: 'aether/auto', messages })
      .finalChatCompletion()
    good(completion.choices[0]?.message.content ?? '')
    expect(completion.choices[0]?.finish_reason).toBe('stop')
  })

  it('the AI SDK', async () => {
    const aether = createOpenAICompatible({
      name: 'aether',
      baseURL: `${deployment().url}/v1`,
      apiKey: deployment().key,
      headers,
    })
    const { textStream, finishReason } = streamText({
      model: aether('aether/auto'),
      prompt: question,
      maxRetries: 0,
    })
    let text = ''
    for await (const delta of textStream) text += delta
    good(text)
    expect(await finishReason).toBe('stop')
  })

  it('LangChain', async () => {
    const model = new ChatOpenAI({
      model: 'aether/auto',
      apiKey: deployment().key,
      maxRetries: 0,
      configuration: { baseURL: `${deployment().url}/v1`, defaultHeaders: headers },
    })
    let text = ''
    for await (const chunk of await model.stream(question)) text += chunk.content
    good(text)
  })

  it('openai for Node reads models and typed errors', async () => {
    const models = await openai().models.list()
    expect(models.data.map((m) => m.id)).toContain('aether/auto')
    const failed = openai().chat.completions.create({ model: 'aether/nobody', messages })
    await expect(failed).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })
})
