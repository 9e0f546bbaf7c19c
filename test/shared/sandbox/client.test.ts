import { describe, expect, it } from 'vitest'
import { steadyNow } from '../../../shared/domain/time/steady.ts'
import { createSandboxClient } from '../../../shared/sandbox/client.ts'
import { DEFAULT_LIMITS } from '../../../shared/sandbox/limits.ts'
import { toRunResponse } from '../../../shared/sandbox/wire.ts'
import { OK_RESULT } from '../../fakes/sandbox.ts'

const JOB = { script: 'print(1)', files: [{ name: 'a.csv', content: 'x' }], limits: DEFAULT_LIMITS }
const NOW = 1_000_000

function client(answer: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = []
  const sandbox = createSandboxClient({
    url: 'http://sandbox-runner:8000/',
    fetch: async (request) => {
      requests.push(request)
      return await answer(request)
    },
    token: async (user) => `token-of-${user}`,
    now: () => NOW,
  })
  const run = (over: { signal?: AbortSignal; deadline?: number } = {}) =>
    sandbox.run(JOB, {
      signal: new AbortController().signal,
      deadline: steadyNow() + 60_000,
      user: 'u1',
      ...over,
    })
  return { sandbox, requests, run }
}

describe('createSandboxClient', () => {
  it('posts the job with token and budget, and gives back the result', async () => {
    const result = { ...OK_RESULT, stdout: '1\n', result: { a_b: 1 } }
    const { run, requests } = client(() => Response.json(toRunResponse(result)))
    expect(await run()).toEqual(result)
    const request = requests[0]
    expect(request?.url).toBe('http://sandbox-runner:8000/run')
    expect(request?.method).toBe('POST')
    expect(request?.headers.get('authorization')).toBe('Bearer token-of-u1')
    const left = Number(request?.headers.get('aether-deadline-ms'))
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
    expect(await request?.json()).toMatchObject({
      script: 'print(1)',
      files: [{ name: 'a.csv', content: 'x' }],
      limits: { wall_ms: 20_000, cpu_s: 10, memory_mb: 512, output_bytes: 1_048_576 },
    })
  })

  it.each<[string, () => Response, string]>([
    [
      '503 in the error shape',
      () =>
        Response.json(
          { error: { message: 'No runsc: run make setup.', code: 'sandbox_unavailable' } },
          { status: 503 },
        ),
      'No runsc: run make setup.',
    ],
    [
      '401 without a shape',
      () => Response.json({}, { status: 401 }),
      'The sandbox runner answered with status 401.',
    ],
    ['HTML from a proxy', () => new Response('<html>', { status: 502 }), 'cannot be reached'],
    ['a result that is none', () => Response.json({ exit_class: 'fine' }), 'answered with no result'],
    [
      'a refused connection',
      () => {
        throw new TypeError('fetch failed')
      },
      'cannot be reached: fetch failed',
    ],
  ])('%s is unavailable, with the reason', async (_, answer, reason) => {
    const result = await client(answer).run()
    expect(result).toMatchObject({ exitClass: 'unavailable', tier: 'unavailable', result: null })
    expect(result.stderr).toContain(reason)
  })

  it('an abort while the request is being made leaves no rejection that nobody hears', async () => {
    const unheard: unknown[] = []
    const listen = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', listen)
    const controller = new AbortController()
    const sandbox = createSandboxClient({
      url: 'http://sandbox-runner:8000',
      fetch: async (request) => {
        throw request.signal.reason
      },
      token: async () => {
        controller.abort(new Error('cancelled'))
        return 'token'
      },
      now: () => NOW,
    })
    const call = { signal: controller.signal, deadline: steadyNow() + 60_000, user: 'u1' }
    expect(await sandbox.run(JOB, call)).toMatchObject({ exitClass: 'killed' })
    await new Promise((resolve) => setTimeout(resolve, 1))
    process.off('unhandledRejection', listen)
    expect(unheard).toEqual([])
  })

  it('an abort is killed at once, also where the runner does not watch the signal, and cuts the request', async () => {
    const controller = new AbortController()
    const { run, requests } = client(() => new Promise(() => undefined))
    const running = run({ signal: controller.signal })
    await Promise.resolve()
    setTimeout(() => controller.abort(), 10)
    expect(await running).toMatchObject({ exitClass: 'killed' })
    expect(requests[0]?.signal.aborted).toBe(true)
  })

  it('asks nobody when it is too late already', async () => {
    const { run, requests } = client(() => Response.json({}))
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ exitClass: 'killed' })
    expect(await run({ deadline: steadyNow() - 1 })).toMatchObject({ exitClass: 'timeout' })
    expect(requests).toEqual([])
  })

  it('reads the status, and says why there is none', async () => {
    const status = { tier: 'gvisor', runsc: 'r', platform: 'systrap', reason: null }
    const signal = new AbortController().signal
    expect(await client(() => Response.json(status)).sandbox.status(signal)).toEqual(status)
    const down = client(() => {
      throw new TypeError('fetch failed')
    })
    expect(await down.sandbox.status(signal)).toMatchObject({
      tier: 'unavailable',
      reason: expect.stringContaining('fetch failed'),
    })
    expect(await client(() => Response.json({}, { status: 403 })).sandbox.status(signal)).toMatchObject({
      tier: 'unavailable',
    })
  })
})
