import type { Context } from 'hono'
import type { AppEnv } from '../../../shared/http/app-env.ts'
import type { GatewayContext } from '../deps.ts'

/** `GET /`: a plain page that says what this is and where to go. */
export function homePage(c: Context<AppEnv>, ctx: GatewayContext): Response {
  const version = ctx.version.replace(/[^\w.+-]/g, '')
  return c.html(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Aether</title></head>
<body>
<h1>Aether ${version}</h1>
<p>Answers questions about a home, with numbers that can be checked.</p>
<p>Point any OpenAI-compatible client at <code>/api/v1</code> with your API key, and pick the model <code>aether/auto</code>.</p>
<ul>
<li><a href="/ready">Ready</a></li>
<li><a href="/api/v1/models">Models</a> (needs the key)</li>
<li><a href="/api/v1/status">Status</a> (needs the key)</li>
<li><a href="/.well-known/agent-card.json">Agent card</a> (A2A at <code>/a2a</code>, needs the key)</li>
</ul>
</body>
</html>
`)
}
