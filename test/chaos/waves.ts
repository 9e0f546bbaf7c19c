import { setTimeout as sleep } from 'node:timers/promises'
import { type Asked, ask, newTag } from './client.ts'
import type { World } from './world.ts'

const AGAIN_MS = 300
const MOST_TRIES = 60

/** Asks as a patient client does: with the same key until there is an answer. Gives all that it saw. `url` is for the first time, or `always`. */
export async function askPatiently(
  world: World,
  options: Parameters<typeof ask>[2] & { readonly tag?: string; readonly always?: boolean } = {},
): Promise<Asked[]> {
  const { tag = newTag(), url, always = false, ...rest } = options
  const seen: Asked[] = []
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const one = await ask(
      world.team,
      tag,
      url !== undefined && (always || tries === 0) ? { ...rest, url } : rest,
    )
    seen.push(one)
    world.asked.push(one)
    if (one.done && one.error === null) break
    await sleep(AGAIN_MS)
  }
  return seen
}

/** Some questions at once, something done to the team at a random moment while they are answered, and their ends. */
export async function wave(
  world: World,
  options: { readonly questions: number; readonly withinMs: number; readonly url?: string | undefined },
  disturb: () => Promise<void>,
): Promise<Asked[][]> {
  const answers = Array.from({ length: options.questions }, () =>
    askPatiently(world, options.url === undefined ? {} : { url: options.url }),
  )
  await sleep(Math.random() * options.withinMs)
  await disturb()
  return Promise.all(answers)
}
