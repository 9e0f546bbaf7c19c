import { StartFault } from '../node/start-fault.ts'
import type { Ask } from './shell.ts'

/** What builds images and what starts containers here; both work on the same store of images. */
export interface Engine {
  readonly build: 'podman' | 'docker'
  /** The compose command, such as `docker compose`. */
  readonly compose: readonly string[]
}

/** The first podman-compose that reads `!override` and knows --profile. */
export const PODMAN_COMPOSE = '1.5.0'

const NO_ENGINE =
  'There is no container engine here: install Podman or Docker with Compose. Without containers: make run-distributed-local.'

/**
 * Finds an engine with a compose that works: docker compose (Podman may stand behind it), podman compose,
 * podman-compose. Throws StartFault with what is missing and what to do.
 */
export function findEngine(ask: Ask): Engine {
  const faults: string[] = []
  const docker = ask(['docker', 'version', '--format', '{{json .Server}}'])
  if (docker.ok && ask(['docker', 'compose', 'version']).ok) {
    const podman = /podman/i.test(docker.out) && ask(['podman', 'version']).ok
    return { build: podman ? 'podman' : 'docker', compose: ['docker', 'compose'] }
  }
  if (docker.ok) faults.push('Docker has no Compose: install the package docker-compose-plugin.')
  else if (/permission denied/i.test(docker.err))
    faults.push(
      'Docker is here, but this user may not use it: join the group docker (and log in again), or use sudo.',
    )
  const podman = ask(['podman', 'info', '--format', '{{.Host.OS}}'])
  if (podman.ok) {
    const own = podmanCompose(ask)
    if (own !== null && !('fault' in own)) return { build: 'podman', compose: own.command }
    faults.push(
      own?.fault ??
        `Podman has no compose: install docker-compose, or pip install podman-compose==${PODMAN_COMPOSE}.`,
    )
  } else if (podmanIsThere(podman.err)) faults.push(`Podman does not work: ${lastLine(podman.err)}`)
  throw new StartFault(faults.length === 0 ? NO_ENGINE : faults.join('\n'))
}

/** `podman compose` hands on to another program, which may be an old podman-compose. */
function podmanCompose(ask: Ask): { command: readonly string[] } | { fault: string } | null {
  const handedOn = ask(['podman', 'compose', 'version'])
  if (handedOn.ok && /docker compose/i.test(handedOn.out)) return { command: ['podman', 'compose'] }
  const own = ask(['podman-compose', 'version'])
  if (!own.ok) return null
  const version = /podman-compose version:?\s*v?(\d+\.\d+\.\d+)/.exec(own.out)?.[1] ?? '0.0.0'
  if (isBefore(version, PODMAN_COMPOSE))
    return {
      fault: `podman-compose ${version} is too old (no --profile, no order by health): pip install podman-compose==${PODMAN_COMPOSE}.`,
    }
  return { command: ['podman-compose'] }
}

function isBefore(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number))
  for (const [i, part] of (b ?? []).entries()) {
    const difference = (a?.[i] ?? 0) - part
    if (difference !== 0) return difference < 0
  }
  return false
}

/** It answered with a fault of its own, where a missing program gives none. */
function podmanIsThere(err: string): boolean {
  return err !== '' && !/ENOENT/.test(err)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
