import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Env } from '../../shared/config/env.ts'
import type { HostedService } from './config.ts'
import { StartFault } from './start-fault.ts'

/** One service that is to run as a process of its own. */
export interface LocalPlan {
  readonly name: HostedService
  readonly url: string
  readonly env: Env
}

/** A service that was started. */
export interface LocalService {
  readonly name: HostedService
  readonly url: string
  readonly pid: number
}

export interface TeamOptions {
  /** The program that hosts one service: source or bundle. */
  readonly program: string
  readonly plans: readonly LocalPlan[]
  /** Takes each line that a service prints. */
  readonly say: (line: string) => void
  /** A service has gone although nobody ended it; `left` are still there. */
  readonly onLost: (lost: LocalService, how: string, left: number) => void
}

export interface LocalTeam {
  readonly services: readonly LocalService[]
  /** Waits until every service answers. Throws StartFault with what the first one says that ends before. */
  ready(): Promise<void>
  /** Ends the services in the order of the plans, the first alone: it has to drain while the others still answer. */
  stop(): Promise<void>
  /** Kills what is left, without waiting. */
  kill(): void
}

/** Argument of a service whose parent prints one table for all. */
export const OF_TEAM = '--of-team'

const POLL_MS = 50
const START_MS = 60_000
/** For draining 10 s and closing. */
const STOP_MS = 15_000

interface Member extends LocalService {
  readonly child: ChildProcess
  /** Lines of stderr until all were ready: why it could not start. */
  readonly complaints: string[]
  /** Resolves with how it ended. */
  readonly ended: Promise<string>
}

/**
 * Starts each service in a process and process group of its own, so that Ctrl-C reaches us alone and we end them in good order.
 * They end by themselves when this process is gone.
 */
export function startTeam(options: TeamOptions): LocalTeam {
  let stopping = false
  let isReady = false
  // One that answers already may still meet what keeps the others from starting: that is said once.
  const members = options.plans.map((plan) => startMember(plan, options, () => isReady))
  for (const member of members)
    void member.ended.then((how) => {
      if (stopping || !isReady) return
      options.onLost(member, how, members.filter(isRunning).length)
    })

  const end = async (member: Member) => {
    if (!isRunning(member)) return
    member.child.kill('SIGTERM')
    const late = setTimeout(() => member.child.kill('SIGKILL'), STOP_MS)
    await member.ended
    clearTimeout(late)
  }
  return {
    services: members,
    async ready() {
      const failed = members.map((member) =>
        member.ended.then((how) => {
          const said = member.complaints.join('\n') || `It ended with ${how}.`
          throw new StartFault(`${member.name} does not start. ${said}`)
        }),
      )
      await Promise.race([...failed, Promise.all(members.map(untilUp))])
      isReady = true
    },
    async stop() {
      stopping = true
      const [first, ...rest] = members
      if (first) await end(first)
      await Promise.all(rest.map(end))
    },
    kill() {
      stopping = true
      for (const member of members) member.child.kill('SIGKILL')
    },
  }
}

function startMember(
  { name, url, env }: LocalPlan,
  { program, say }: TeamOptions,
  isReady: () => boolean,
): Member {
  const child = spawn(process.execPath, [program, OF_TEAM], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], // its end of the channel tells a service that we have gone
    detached: true,
  })
  const complaints: string[] = []
  const member: Member = {
    name,
    url,
    pid: child.pid ?? 0,
    child,
    complaints,
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(signal ?? `code ${code}`))
    }),
  }
  // Log lines name their service themselves.
  const label = (line: string) => (line.startsWith('{') ? line : `${name}: ${line}`)
  eachLine(child.stdout, (line) => say(label(line)))
  eachLine(child.stderr, (line) => {
    if (isReady()) say(label(line))
    else complaints.push(line)
  })
  return member
}

function eachLine(stream: Readable | null, take: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', take)
}

function isRunning({ child }: Member): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** The runner is up when it answers, with gVisor or without; the others when they are ready for a question. */
async function untilUp(member: Member): Promise<void> {
  const path = member.name === 'sandbox_runner' ? '/health' : '/ready'
  let said = 'It does not answer.'
  for (let left = START_MS / POLL_MS; left > 0 && isRunning(member); left--) {
    try {
      const response = await fetch(`${member.url}${path}`, { signal: AbortSignal.timeout(5_000) })
      said = `${path} answers ${response.status}: ${(await response.text()).slice(0, 500)}`
      if (response.ok) return
    } catch {
      // Not listening yet; `said` tells when that stays so.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  if (isRunning(member))
    throw new StartFault(`${member.name} is not ready after ${START_MS / 1_000} s. ${said}`)
  await new Promise(() => {}) // `ended` tells how
}
