import type { Context } from 'hono'
import { AetherError, toAetherError } from '../../../shared/errors/aether-error.ts'
import { toHttp } from '../../../shared/errors/to-http.ts'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { readJson } from '../../../shared/http/body.ts'
import type { RunRow } from '../../../shared/storage/runs/rows.ts'
import { acceptTurn } from '../chat/accept-turn.ts'
import { answerTask } from '../chat/answer-task.ts'
import { isBackgroundTask } from '../chat/background.ts'
import { encodeJson } from '../chat/encode-json.ts'
import { encodeStream, toAnswer } from '../chat/encode-openai.ts'
import { identify } from '../chat/identity.ts'
import { cleanMessages } from '../chat/messages.ts'
import { noteEnd } from '../chat/note-end.ts'
import { type ChatRequest, parseChatRequest } from '../chat/parse-request.ts'
import { resolveModel } from '../chat/resolve-model.ts'
import type { GatewayContext } from '../deps.ts'
import { watchConnection } from '../runs/connection.ts'
import { streamResponse } from './stream-response.ts'

/**
 * `POST /chat/completions`: refuses what can be refused, makes the turn durable, then answers from the run's feed,
 * streaming or whole. A background task is answered by the model alone, without a run.
 */
export async function chatCompletions(c: Context<AppEnv>, ctx: GatewayContext): Promise<Response> {
  const { headers } = c.req.raw
  const body = await readJson(c)
  const request = parseChatRequest(body, { eventsHeader: isOn(headers.get('x-aether-events')) })
  const { messages, imagesIgnored } = cleanMessages(request.messages)
  const warnings = [
    ...(imagesIgnored ? ['images_ignored'] : []),
    ...(request.toolNames.length > 0 ? ['tools_ignored'] : []),
  ]
  for (const warning of warnings) c.header('x-aether-warning', warning, { append: true })
  if (isBackgroundTask(request, headers, messages)) return answerTask(c, request, messages, ctx)
  if (ctx.draining()) throw new AetherError('SERVER_SHUTDOWN')

  const model = await resolveModel(request.languageModel, ctx)
  const actor = c.get('actor')
  const identity = await identify(request, messages, { owner: actor.id, headers, body })
  const { run, created } = await acceptTurn(
    { actor, request, messages, identity, headers, model: model.hint, traceparent: c.get('traceparent') },
    ctx,
  )
  if (created || run.state === 'interrupted') ctx.runs.start(run)

  Object.assign(c.get('logFields'), {
    run_id: run.id,
    agent: request.agent,
    model: model.name,
    attached: !created,
    outcome: 'left',
  })
  for (const [name, value] of Object.entries(namesOf(run, model.name))) c.header(name, value)
  return request.stream ? streamed(c, run, request, ctx) : whole(c, run, request, model.name, ctx)
}

function streamed(c: Context<AppEnv>, run: RunRow, request: ChatRequest, ctx: GatewayContext): Response {
  const connection = watchConnection(run.id, ctx)
  const answer = toAnswer(ctx.feed.follow(run.id, 0, connection.signal), attemptOf(run))
  const steps = noteEnd(answer, c.get('logFields'))
  const { events, includeUsage } = request
  const frames = encodeStream(steps, { ...headOf(run, request), events, includeUsage })
  return streamResponse(c, connection.watch(frames), ctx, connection.onEnd)
}

async function whole(
  c: Context<AppEnv>,
  run: RunRow,
  request: ChatRequest,
  model: string,
  ctx: GatewayContext,
): Promise<Response> {
  const connection = watchConnection(run.id, ctx)
  const leave = () => connection.onEnd('left')
  if (c.req.raw.signal.aborted) leave()
  else c.req.raw.signal.addEventListener('abort', leave, { once: true })
  try {
    const answer = toAnswer(ctx.feed.follow(run.id, 0, connection.signal), attemptOf(run))
    const steps = noteEnd(answer, c.get('logFields'))
    const { home } = await ctx.about()
    const about = { run_id: run.id, conversation_id: run.conversationId, model, home }
    return c.json(await encodeJson(steps, { ...headOf(run, request), events: request.events, about }))
  } catch (thrown) {
    // Answered here, not by the app: the headers that name the run belong on its error too.
    const error = toAetherError(thrown)
    Object.assign(c.get('logFields'), { code: error.code, outcome: 'failed' })
    const response = toHttp(error, c.get('requestId'))
    for (const [name, value] of Object.entries(namesOf(run, model))) response.headers.set(name, value)
    return response
  } finally {
    c.req.raw.signal.removeEventListener('abort', leave)
  }
}

/** The headers that say which run, conversation and model an answer, or its error, comes from. */
const namesOf = (run: RunRow, model: string) => ({
  'x-aether-run-id': run.id,
  'x-aether-conversation-id': run.conversationId,
  'x-aether-model': model,
})

/** The try whose text this answer begins with: an interrupted run is about to begin its next one. */
const attemptOf = (run: RunRow) => (run.state === 'interrupted' ? run.attempts + 1 : run.attempts)

const headOf = (run: RunRow, request: ChatRequest) => ({
  id: `chatcmpl-${run.id}`,
  created: Math.floor(run.createdAt.getTime() / 1_000),
  model: request.model,
})

const isOn = (header: string | null) => header === '1' || header?.toLowerCase() === 'true'
