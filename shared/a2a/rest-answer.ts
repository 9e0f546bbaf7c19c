import { A2A_CONTENT_TYPE } from '@a2a-js/sdk'
import type { Context } from 'hono'
import type { AppEnv } from '../http/app-env.ts'

const JSON_TYPE = /^application\/(a2a\+)?json\s*(;|$)/i

/** The media type of the answer: the one of A2A for whoever names it. */
export function answerType(c: Context<AppEnv>): string {
  const { headers } = c.req.raw
  const asked = `${headers.get('accept') ?? ''},${headers.get('content-type') ?? ''}`
  return asked.includes(A2A_CONTENT_TYPE) ? A2A_CONTENT_TYPE : 'application/json'
}

/** An answer of JSON. */
export function json(c: Context<AppEnv>, value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': answerType(c) } })
}

/** True for a body that says that it is JSON. */
export function isJson(c: Context<AppEnv>): boolean {
  return JSON_TYPE.test(c.req.raw.headers.get('content-type') ?? '')
}
