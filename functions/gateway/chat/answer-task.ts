import type { Context } from 'hono'
import { addUsage, NO_USAGE } from '../../../shared/domain/run.ts'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import type { ModelMessage } from '../../../shared/llm/port.ts'
import { checkBudget } from '../../../shared/storage/usage/check-budget.ts'
import { recordUsage } from '../../../shared/storage/usage/record-usage.ts'
import { USER } from '../../../shared/tracing/attributes.ts'
import { traceModel } from '../../../shared/tracing/traced-model.ts'
import type { GatewayContext } from '../deps.ts'
import { streamResponse } from '../routes/stream-response.ts'
import { encodeJson } from './encode-json.ts'
import { type AnswerStep, encodeStream } from './encode-openai.ts'
import { type CleanMessage, newestMessages } from './messages.ts'
import { noteEnd } from './note-end.ts'
import type { ChatRequest } from './parse-request.ts'
import { createStopFilter, cutAtStop } from './stop.ts'

/**
 * Answers a client's background task (title, tags, follow-ups) by the model alone: no home, no agents, no run, no
 * share of the key's runs. Its tokens are counted.
 */
export async function answerTask(
  c: Context<AppEnv>,
  request: ChatRequest,
  messages: readonly CleanMessage[],
  ctx: GatewayContext,
): Promise<Response> {
  const { id: owner, tokensPerDay } = c.get('actor')
  await ctx.store(() => checkBudget(ctx.db, { owner, perDay: tokensPerDay ?? null, at: new Date(ctx.now()) }))
  const line = c.get('logFields')
  Object.assign(line, { background_task: true, agent: 'utility', model: ctx.llm.name, outcome: 'left' })
  ctx.count.backgroundTask()
  c.header('x-aether-model', ctx.llm.name)
  const stop = new AbortController()
  const cancel = ctx.timers.after(ctx.limits.utilityMs, () =>
    stop.abort(new AetherError('DEADLINE_EXCEEDED')),
  )
  const end = () => {
    cancel()
    stop.abort(new AetherError('CANCELLED'))
  }
  const call = { owner, traceparent: c.get('traceparent'), signal: stop.signal }
  const steps = noteEnd(toSteps(request, messages, call, ctx), line)
  const head = {
    id: `chatcmpl-${c.get('requestId')}`,
    created: Math.floor(ctx.now() / 1_000),
    model: request.model,
  }
  if (request.stream)
    return streamResponse(
      c,
      encodeStream(steps, { ...head, events: false, includeUsage: request.includeUsage }),
      ctx,
      end,
    )
  if (c.req.raw.signal.aborted) end()
  else c.req.raw.signal.addEventListener('abort', end, { once: true })
  try {
    return c.json(await encodeJson(steps, { ...head, events: false, about: { model: ctx.llm.name } }))
  } finally {
    c.req.raw.signal.removeEventListener('abort', end)
    end()
  }
}

async function* toSteps(
  request: ChatRequest,
  messages: readonly CleanMessage[],
  { owner, traceparent, signal }: { owner: string; traceparent: string; signal: AbortSignal },
  ctx: GatewayContext,
): AsyncGenerator<AnswerStep> {
  const filter = createStopFilter(request.stop)
  let answer = ''
  let usage = NO_USAGE
  const deadline = steadyNow() + ctx.limits.utilityMs
  const call = {
    purpose: 'utility' as const,
    messages: newestMessages(messages).map(toModelMessage),
    model: null,
    ...(request.maxTokens === null ? {} : { maxTokens: request.maxTokens }),
    ...(request.responseFormat === null ? {} : { responseFormat: request.responseFormat }),
  }
  const span = ctx.tracer.start({
    name: 'gateway',
    parent: traceparent,
    isRoot: true,
    kind: 'server',
    type: 'CHAIN',
    attributes: { [USER]: owner, 'aether.background_task': true },
    inputs: messages.at(-1)?.content,
  })
  try {
    const llm = traceModel(ctx.llm, ctx.tracer, span.traceparent)
    for await (const chunk of llm.stream(call, { signal, deadline })) {
      if (chunk.kind === 'text') {
        answer += chunk.delta
        const text = filter.push(chunk.delta)
        if (text !== '') yield { kind: 'text', text }
      } else if (chunk.kind === 'reasoning') yield { kind: 'reasoning', text: chunk.delta }
      else if (chunk.kind === 'usage') {
        const { model, promptTokens, completionTokens, totalTokens } = chunk
        const tokens = { promptTokens, completionTokens, totalTokens }
        usage = addUsage(usage, tokens)
        const row = { owner, runId: null, service: 'gateway', model, ...tokens, at: new Date(ctx.now()) }
        await ctx.store(() => recordUsage(ctx.db, row))
      }
    }
    const rest = filter.flush()
    if (rest !== '') yield { kind: 'text', text: rest }
    span.outputs(answer)
    yield { kind: 'end', answer: cutAtStop(answer, request.stop), analysisIds: [], usage }
  } catch (thrown) {
    span.end(thrown)
    yield { kind: 'error', error: toAetherError(thrown) }
  } finally {
    span.end()
  }
}

const toModelMessage = ({ role, content }: CleanMessage): ModelMessage => ({ role, content })
