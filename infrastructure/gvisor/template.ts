import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell } from './cell.ts'
import { type RunscCall, runscCommand } from './runsc.ts'

/** A checkpoint takes 0.1 to 0.3 s; a busy disk many times that. */
const CHECKPOINT_MS = 20_000

/** A checkpoint of a sandbox that has its imports done, from which others go on several times faster than by a start. */
export interface Template {
  /** Folder of the image, or null where there is none (yet, any more, or ever). */
  readonly image: string | null
  /** Makes the image, once; without rights to restore, or when it fails, there simply is none. */
  prepare(): Promise<void>
  /** Gives the image up: a restore from it failed. */
  discard(): void
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
  let image: string | null = null
  let prepared: Promise<void> | null = null

  const make = async () => {
    const cell = await start()
    await cell.ready
    const target = join(folder, 'image')
    if (cell.stderr.ready) {
      await mkdir(target, { mode: 0o700 })
      const args = ['checkpoint', '--compression=none', `--image-path=${target}`, cell.id]
      if (await runscCommand(call, args, CHECKPOINT_MS)) image = target
      else await rm(target, { recursive: true, force: true })
    }
    cell.stop('cancelled')
    await cell.gone
  }

  return {
    get image() {
      return image
    },
    async prepare() {
      if (call.rootless) return
      prepared ??= make()
      await prepared
    },
    discard() {
      if (image !== null) void rm(image, { recursive: true, force: true })
      image = null
    },
  }
}
