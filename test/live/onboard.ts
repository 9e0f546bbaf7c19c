import { randomBytes } from 'node:crypto'
import { openOwnerSocket } from './owner-socket.ts'

/** Makes the owner of a fresh Home Assistant, as its first page would, and gives a long-lived token of theirs. */
export async function onboard(url: string): Promise<string> {
  const client_id = `${url}/`
  const { auth_code } = await post(`${url}/api/onboarding/users`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id,
      name: 'Owner',
      username: 'owner',
      password: randomBytes(16).toString('hex'),
      language: 'en',
    }),
  })
  const { access_token } = await post(`${url}/auth/token`, {
    body: new URLSearchParams({ grant_type: 'authorization_code', code: auth_code ?? '', client_id }),
  })
  const owner = await openOwnerSocket(url, access_token ?? '')
  try {
    const token = { type: 'auth/long_lived_access_token', client_name: 'Aether', lifespan: 365 }
    return String(await owner.call(token))
  } finally {
    owner.close()
  }
}

async function post(url: string, init: RequestInit): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(url, { method: 'POST', ...init })
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, string>
}
