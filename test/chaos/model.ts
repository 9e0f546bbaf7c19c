import { setTimeout as sleep } from 'node:timers/promises'
import { SAY_SOMETHING } from '../bench/chat-client.ts'
import { createFakeModel, type FakeBody, type FakeStep } from '../fakes/fake-model.ts'
import { goodModel, type Job, jobOf, lastUserText } from '../fakes/team-model.ts'

/** A call of the model, as its provider would bill it. */
export interface ModelCall {
  /** The question that it belongs to. */
  readonly tag: string
  readonly job: Job
  /** Epoch ms. */
  readonly at: number
}

/**
 * A provider that works as a good model does, takes its time, and notes each call. Asked to say something it says 60
 * pieces at an even pace.
 */
export interface ChaosModel {
  fetch(request: Request): Promise<Response>
  readonly calls: readonly ModelCall[]
  /** The next call for this job says half of its answer and then nothing; resolves once it does. */
  stallNext(job: Job): Promise<void>
}

/** The pieces of the fake are seven characters long. */
const PACED: FakeStep = { kind: 'reply', text: 'a piece'.repeat(60), paceMs: 20 }

/** `ms` is how long it thinks before each answer. */
export function createChaosModel(ms: number): ChaosModel {
  const calls: ModelCall[] = []
  let stall: { job: Job; reached: () => void } | null = null
  const by = (body: FakeBody): FakeStep => {
    const job = jobOf(body)
    if (lastUserText(body) === SAY_SOMETHING) return PACED
    calls.push({ tag: tagIn(JSON.stringify(body)) ?? '', job, at: Date.now() })
    const reply = goodModel(body)
    if (stall?.job !== job) return reply
    stall.reached()
    stall = null
    const text = reply.text ?? ''
    return { kind: 'hang_mid_stream', text: text.slice(0, Math.ceil(text.length / 2)) }
  }
  const model = createFakeModel([{ kind: 'answer', by }])
  return {
    calls,
    async fetch(request) {
      await sleep(ms)
      return model.fetch(request)
    },
    stallNext: (job) =>
      new Promise((reached) => {
        stall = { job, reached }
      }),
  }
}

/** A question of its own kind for each tag: the answer's figure is the same, and whoever hears it can tell whose it is. */
export function questionOf(tag: string): string {
  return `How much energy did I use last week? [${tag}]`
}

/** The tag of a question, wherever it is told on. */
export function tagIn(text: string): string | null {
  return /\[(t[0-9a-z]+-\d+)\]/.exec(text)?.[1] ?? null
}
