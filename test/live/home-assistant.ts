import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../harness/free-ports.ts'
import { type Program, watch } from '../harness/program.ts'
import { writeConfiguration } from './configuration.ts'
import { onboard } from './onboard.ts'

/** A real Home Assistant that runs on loopback. */
export interface RunningHomeAssistant {
  readonly url: string
  /** A long-lived token of its owner. */
  readonly token: string
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Starts it again where it was, and waits until it is up. */
  restart(): Promise<void>
}

const START_MS = 90_000
const STOP_MS = 30_000

/** Runs it as `-m homeassistant` does, but asks the kernel to end it (SIGTERM) when we are killed. */
const RUN = [
  'import ctypes, runpy, signal',
  'PR_SET_PDEATHSIG = 1',
  'ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)',
  'runpy.run_module("homeassistant", run_name="__main__")',
].join('\n')

/**
 * Starts one with a fresh configuration in a folder of its own under `place`, by an interpreter that has it installed,
 * and makes its owner.
 */
export async function startHomeAssistant(python: string, place: string): Promise<RunningHomeAssistant> {
  const folder = mkdtempSync(join(place, 'home-'))
  const port = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  writeConfiguration(folder, port)
  let running = launch(python, folder)
  const up = (token: string) =>
    untilAnswers(running.program, `${url}/api/config`, { authorization: `Bearer ${token}` }, isRunning)
  try {
    // A request without a token would write a warning about a failed login; this page needs none.
    await untilAnswers(running.program, `${url}/manifest.json`, {}, () => true)
    const token = await onboard(url)
    await up(token)
    return {
      url,
      token,
      kill: () => running.end('SIGKILL'),
      stop: () => running.end('SIGTERM'),
      async restart() {
        await running.end('SIGTERM')
        running = launch(python, folder)
        await up(token)
      },
    }
  } catch (error) {
    await running.end('SIGTERM')
    const said = running.program.output().slice(0, 4_000)
    throw new Error(`Home Assistant did not start: ${said}`, { cause: error })
  }
}

interface Launched {
  readonly program: Program
  /** Sends a signal and waits for the end, which comes by force where it does not come. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

function launch(python: string, folder: string): Launched {
  const program = watch(
    spawn(python, ['-c', RUN, '--config', folder, '--skip-pip'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Without PYTHONDONTWRITEBYTECODE, with which it would compile itself at every start.
      env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8' },
    }),
  )
  // On Ctrl-C nobody waits for it, and it must not write into a folder that is being removed.
  const kill = () => void program.child.kill('SIGKILL')
  process.prependOnceListener('exit', kill)
  return {
    program,
    async end(signal) {
      program.child.kill(signal)
      const late = setTimeout(kill, STOP_MS)
      await program.ended
      clearTimeout(late)
      process.off('exit', kill)
    },
  }
}

function isRunning(body: string): boolean {
  return (JSON.parse(body) as { readonly state?: string }).state === 'RUNNING'
}

async function untilAnswers(
  program: Program,
  url: string,
  headers: Readonly<Record<string, string>>,
  fits: (body: string) => boolean,
): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; ) {
    if (program.child.exitCode !== null) throw new Error(`it ended with code ${program.child.exitCode}`)
    // Refused until it listens.
    const response = await fetch(url, { headers }).catch(() => null)
    if (response?.ok && fits(await response.text())) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${new URL(url).pathname} was not as hoped for within ${START_MS / 1000} s`)
}
