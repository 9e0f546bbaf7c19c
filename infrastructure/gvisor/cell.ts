import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_LIMITS } from '../../shared/sandbox/limits.ts'
import type { SandboxFile } from '../../shared/sandbox/port.ts'
import type { Cgroup, Cgroups } from './cgroups.ts'
import type { StopReason } from './classify.ts'
import { createStderrReader, createStdoutReader, type StderrReader, type StreamReader } from './frames.ts'
import { killByMark } from './leftovers.ts'
import { watchMemory } from './memory-watch.ts'
import { createOciConfig, TMPFS_MIB } from './oci-config.ts'
import { RUNSC_ENV, type RunscCall, runscCommand, runscFlags } from './runsc.ts'

const MIB = 1_048_576
/** What gVisor's kernel and two interpreters hold beside the script's own memory. */
const BASE_MIB = 160
/** What a sandbox holds beside its script's memory at most. */
export const OVERHEAD_MIB = TMPFS_MIB + BASE_MIB
/** The most that a sandbox with the usual limit holds in memory. */
export const MAX_MEMORY_MIB = DEFAULT_LIMITS.memoryMb + OVERHEAD_MIB
/** Until a job names its own limit. */
const OUTPUT_BYTES = 1_048_576
/** The watch from outside ends a sandbox first; the kernel's limit is for what grows faster than it looks. */
const CGROUP_SLACK_MIB = 64
const KILL_MS = 1_000
const GONE_MS = 1_500
/** A process that even SIGKILL does not end hangs in the kernel: its slot is given back all the same. */
const STUCK_MS = 5_000

export interface CellOptions {
  readonly call: RunscCall
  readonly pythonRoot: string
  readonly bundles: string
  readonly cgroups: Cgroups | null
  /** Unique in this process, short, of letters and digits. */
  readonly id: string
  readonly nonce: string
  readonly memoryMb: number
  readonly preload: readonly string[]
  /** Folder of a checkpoint to go on from, instead of a start. */
  readonly image?: string | null
}

/** What is handed over. `memoryMb` can only be less than what the cell was started with. */
export interface CellJob {
  readonly code: string
  readonly files: readonly SandboxFile[]
  readonly cpuS: number
  readonly memoryMb: number
  readonly outputBytes: number
}

/**
 * One sandbox for one script. It starts at once and waits for its job; a pool can therefore hold it ready, a cold start
 * submits the job right away.
 */
export interface Cell {
  /** Resolves when the imports are done, or when the sandbox ended before that. */
  readonly ready: Promise<void>
  /** Hands the job over; once. */
  submit(job: CellJob): void
  /** Resolves when the script begins, its files in place, or when the sandbox ended before that. */
  readonly started: Promise<void>
  /** Resolves with the first byte that the script writes, or when it has ended without one. */
  readonly firstOutput: Promise<void>
  /** Resolves when the end record and all output are here, or when the sandbox is gone. */
  readonly ended: Promise<void>
  /** Resolves when no process and no folder of it is left. Never rejects. */
  readonly gone: Promise<void>
  /** Ends the sandbox, whatever the script does; the first reason stays. */
  stop(reason: StopReason): void
  readonly stopped: StopReason | null
  /** No process is left that could do anything with a job. */
  readonly over: boolean
  readonly id: string
  readonly stdout: StreamReader
  readonly stderr: StderrReader
}

/** Starts a sandbox. Rejects only when its folder cannot be written; a runsc that does not start shows as an early end. */
export async function startCell(options: CellOptions): Promise<Cell> {
  const { call, id, nonce } = options
  const bundle = await makeBundle(options)
  const limitMib = options.memoryMb + OVERHEAD_MIB + CGROUP_SLACK_MIB
  const cgroup = (await options.cgroups?.make(id, limitMib * MIB)) ?? null
  const verb = options.image ? ['restore', `--image-path=${options.image}`] : ['run']
  const child = spawnRunsc(call, [...verb, `--bundle=${bundle}`, id], bundle, cgroup)
  const stdout = createStdoutReader(OUTPUT_BYTES, nonce)
  const stderr = createStderrReader(OUTPUT_BYTES, nonce)
  const ready = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const firstOutput = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const closed = watchClose(child)
  const stuck = Promise.withResolvers<void>()
  let stopped: StopReason | null = null
  let over = false
  let memory: { stop(): void } | null = null

  const stop = (reason: StopReason) => {
    if (stopped !== null) return
    stopped = reason
    memory?.stop()
    void endProcesses(call, id, child, closed).then(stuck.resolve)
  }
  const onData = (reader: StreamReader) => (chunk: Buffer) => {
    reader.push(chunk)
    if (stderr.ready || stderr.refused) ready.resolve()
    if (stderr.started) {
      started.resolve()
      if (stdout.wrote || stderr.wrote) firstOutput.resolve()
    }
    if (reader.overflow) {
      stop('output')
      // What is still coming is not even read: a flood would keep us from everything else until it is killed.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    if (stdout.ended && stderr.ended) ended.resolve()
  }
  child.stdout.on('data', onData(stdout))
  child.stderr.on('data', onData(stderr))
  // A sandbox that ends before it has read its job breaks this pipe; its end is seen by `closed`.
  child.stdin.on('error', () => undefined)
  // What a sandbox said before its checkpoint is not said again: it is asked.
  if (options.image) child.stdin.write('\n')

  const gone = Promise.race([closed, stuck.promise]).then(async () => {
    over = true
    memory?.stop()
    if (stopped === null && stderr.record === null && (await cgroup?.ranOut())) stopped = 'memory'
    for (const each of [ready, started, firstOutput, ended]) each.resolve()
    child.stdin.destroy()
    // What cannot be removed now goes with the whole folder at the end.
    await removeTraces(call, id, bundle, stopped !== null).catch(() => undefined)
    await cgroup?.remove()
  })
  return {
    ready: ready.promise,
    started: started.promise,
    firstOutput: firstOutput.promise,
    ended: ended.promise,
    gone,
    id,
    stop,
    stdout,
    stderr,
    get stopped() {
      return stopped
    },
    get over() {
      return over
    },
    submit({ code, files, cpuS, memoryMb, outputBytes }) {
      for (const reader of [stdout, stderr]) reader.limitTo(outputBytes)
      const data = files.map((file) => ({ name: file.name, data: fileData(file) }))
      const job = { nonce, code, files: data, cpu_s: cpuS, memory_mb: memoryMb }
      child.stdin.write(`${JSON.stringify(job)}\n`)
      // A cell that waits for its job runs nothing of a stranger's, so there is nothing to watch before.
      memory = watchMemory({
        stateRoot: call.stateRoot,
        id,
        limitBytes: (memoryMb + OVERHEAD_MIB) * MIB,
        onExceeded: () => stop('memory'),
      })
    },
  }
}

/** The sandbox's folder with its configuration; none is left where it cannot be written. */
async function makeBundle(options: CellOptions): Promise<string> {
  const bundle = join(options.bundles, options.id)
  try {
    await mkdir(bundle, { recursive: true, mode: 0o700 })
    await writeFile(join(bundle, 'config.json'), JSON.stringify(createOciConfig(options)))
    return bundle
  } catch (fault) {
    await rm(bundle, { recursive: true, force: true }).catch(() => undefined)
    throw fault
  }
}

/** Starts runsc in a process group of its own, and in its cgroup where there is one. */
function spawnRunsc(call: RunscCall, args: readonly string[], cwd: string, cgroup: Cgroup | null) {
  const command = [call.path, ...runscFlags(call), ...args]
  const enter = ['/bin/sh', '-c', 'echo $$ > "$0"; exec "$@"', cgroup?.procs ?? '']
  const [program = '', ...rest] = cgroup === null ? command : [...enter, ...command]
  return spawn(program, rest, { cwd, env: RUNSC_ENV, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
}

function fileData(file: SandboxFile): string {
  return file.encoding === 'base64' ? file.content : Buffer.from(file.content).toString('base64')
}

/** Resolves when runsc has ended and its streams are closed, or could not be started. */
function watchClose(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve) => {
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
}

/**
 * Asks runsc to kill the sandbox, then its process group, then whatever still names its id. Resolves when it has ended, or
 * when nothing more can be done.
 */
async function endProcesses(
  call: RunscCall,
  id: string,
  child: ChildProcessWithoutNullStreams,
  closed: Promise<void>,
): Promise<void> {
  // A sandbox that is still being made is not known to runsc yet: then its processes are all there is.
  void runscCommand(call, ['kill', id, 'KILL'], KILL_MS).then((known) => {
    if (!known) signalGroup(child.pid)
  })
  if (await within(closed, KILL_MS)) return
  signalGroup(child.pid)
  if (await within(closed, GONE_MS)) return
  await killByMark(id)
  // Streams that somebody still holds open must not keep us waiting for ever.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
  await within(closed, STUCK_MS)
}

function signalGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has ended meanwhile.
  }
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<boolean>()
  const handle = setTimeout(() => timer.resolve(false), ms)
  const done = await Promise.race([promise.then(() => true), timer.promise])
  clearTimeout(handle)
  return done
}

/**
 * Removes the bundle and, where runsc did not do it itself, its processes and state. `runsc delete` does no more than
 * that here and takes 1.7 s for a restored sandbox.
 */
async function removeTraces(call: RunscCall, id: string, bundle: string, stopped: boolean): Promise<void> {
  const left = await readdir(call.stateRoot).then(
    (names) => names.filter((name) => name.includes(id)),
    () => [],
  )
  if (stopped || left.length > 0) {
    await killByMark(id)
    for (const name of left) await rm(join(call.stateRoot, name), { force: true })
  }
  await rm(bundle, { recursive: true, force: true })
}
