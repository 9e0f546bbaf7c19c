import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell } from './cell.ts'
import { type RunscCall, runscCommand } from './runsc.ts'

/** A checkpoint takes 0.1 to 0.3 s; a busy disk many times that. */
const CHECKPOINT_MS = 20_000
/** One restore in some hundred ends silently and says nothing of the image; two in a row do. */
const FAILURES = 2
/** An image that is given up is made anew so often in the life of a process. */
const IMAGES = 5

/** A checkpoint of a sandbox that has its imports done, from which others go on several times faster than by a start. */
export interface Template {
  /** Folder of the image, or null where there is none (yet, any more, or ever). */
  readonly image: string | null
  /** Makes the image where there is none; without rights to restore, or when that fails, there simply is none. */
  prepare(): Promise<void>
  /** Hears how a restore from the image went; two failures in a row give it up. */
  note(worked: boolean): void
  /** Makes no more, and waits for one that is being made. */
  close(): Promise<void>
}

/**
 * Builds the template of a host. gVisor restores only for root (`Rootless mode not supported with restore`); elsewhere `image`
 * stays null. `start` starts a sandbox that no job is given to.
 */
export function createTemplate(options: {
  readonly call: RunscCall
  /** The image's folder is made in it; one that exists already would hang the restore. */
  readonly folder: string
  readonly start: () => Promise<Cell>
}): Template {
  const { call, folder, start } = options
  const closing = new AbortController()
  let image: string | null = null
  let preparing: Promise<void> | null = null
  let left = call.rootless ? 0 : IMAGES
  let failures = 0

  const make = async () => {
    const cell = await start()
    await cell.ready
    const target = join(folder, `image-${left--}`)
    let made = false
    if (cell.stderr.ready) {
      await mkdir(target, { mode: 0o700 })
      const args = ['checkpoint', '--compression=none', `--image-path=${target}`, cell.id]
      made = await runscCommand(call, args, CHECKPOINT_MS, closing.signal)
    }
    if (made) image = target
    else {
      // What does not work once on this machine would cost each refill a start more.
      left = 0
      await rm(target, { recursive: true, force: true })
    }
    cell.stop('cancelled')
    await cell.gone
  }

  return {
    get image() {
      return image
    },
    async prepare() {
      if (image !== null || (preparing === null && left === 0)) return
      preparing ??= make().finally(() => {
        preparing = null
      })
      await preparing
    },
    note(worked) {
      failures = worked ? 0 : failures + 1
      if (failures < FAILURES || image === null) return
      void rm(image, { recursive: true, force: true }).catch(() => undefined)
      image = null
      failures = 0
    },
    async close() {
      left = 0
      closing.abort()
      await preparing?.catch(() => undefined)
    },
  }
}
