import type { Ask } from './shell.ts'
import { CONTAINERS, NETWORKS } from './stack.ts'

/** Seconds that a container gets to drain. */
const GRACE_S = 15

/**
 * Ends and removes the containers of either deployment, and their networks, by name: so it does not matter which compose
 * started them. Volumes stay. Without an engine there is nothing to end.
 */
export function removeContainers(ask: Ask, say: (line: string) => void): void {
  for (const engine of ['podman', 'docker']) {
    const { ok, out } = ask([engine, 'ps', '--all', '--format', '{{.Names}}'])
    if (!ok) continue
    const there = CONTAINERS.filter((name) => out.split('\n').includes(name))
    if (there.length > 0) {
      ask([engine, 'stop', '--time', String(GRACE_S), ...there])
      // One after the other: Podman removes none that another one still depends on.
      const faults = there
        .map((name) => ask([engine, 'rm', '--force', '--volumes', name]))
        .filter(({ ok }) => !ok)
      say(
        faults.length === 0
          ? `Ended ${there.join(', ')}.`
          : `Not all could be removed:\n${faults.map(({ err }) => err.trim()).join('\n')}`,
      )
    }
    for (const network of NETWORKS)
      if (ask([engine, 'network', 'inspect', network]).ok) ask([engine, 'network', 'rm', network])
  }
}
