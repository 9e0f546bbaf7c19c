import type { Context } from 'hono'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import { type StreamEnd, sseResponse } from '../../../shared/http/sse-writer.ts'
import type { GatewayContext } from '../deps.ts'

/** Sends frames as server-sent events with the headers that the route has set; counts and logs how the stream ended. */
export function streamResponse(
  c: Context<AppEnv>,
  frames: AsyncIterable<string>,
  ctx: Pick<GatewayContext, 'count' | 'log'>,
  onEnd: (how: StreamEnd) => void,
): Response {
  let ended: (value: unknown) => void = () => {}
  c.set(
    'streamEnd',
    new Promise((resolve) => {
      ended = resolve
    }),
  )
  const response = sseResponse(frames, {
    onEnd(how, error) {
      Object.assign(c.get('logFields'), { stream: how })
      if (how === 'failed') ctx.log.error('stream failed', { request_id: c.get('requestId'), error })
      ctx.count.streamEnded(how)
      onEnd(how)
      ended(undefined)
    },
  })
  return c.newResponse(response.body, 200, Object.fromEntries(response.headers))
}
