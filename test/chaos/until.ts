import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds, which may have to be asked for; false when it still does not after `ms`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  { ms, everyMs = 10 }: { readonly ms: number; readonly everyMs?: number },
): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(everyMs)) if (await holds()) return true
  return holds()
}
