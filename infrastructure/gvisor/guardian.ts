import { spawn } from 'node:child_process'

/**
 * Waits for the end of stdin, which comes when our process is gone, however it went; then ends what still names the folder,
 * and removes it. The folder is in the environment, so that the guardian does not find itself.
 */
const SCRIPT = `
while read -r _; do :; done
for _ in 1 2 3 4 5 6 7 8; do
  [ -d "$AETHER_FOLDER" ] || [ -d "$AETHER_CGROUPS" ] || exit 0
  named=$(grep -laF -- "$AETHER_FOLDER" /proc/[0-9]*/cmdline 2>/dev/null)
  left=$(grep -laF runsc $named /dev/null 2>/dev/null | cut -d/ -f3)
  [ -z "$left" ] || kill -9 $left 2>/dev/null
  find "$AETHER_CGROUPS" -depth -type d -exec rmdir {} + 2>/dev/null
  rm -rf "$AETHER_FOLDER" 2>/dev/null
  sleep 0.15
done
`

/**
 * A small process beside ours that outlives it by a moment: when ours is killed, sandboxes that a hostile script keeps from
 * ending (it can stop its supervisor) and the folder go with it. Where it cannot be started, the end of their stdin ends
 * the others, and the next start removes the folder.
 */
export function startGuardian(folder: string, cgroups: string | null): { release(): void } {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    env: { PATH: '/usr/bin:/bin', AETHER_FOLDER: folder, AETHER_CGROUPS: cgroups ?? '/nowhere' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  // It must not keep a process alive that has nothing else to do.
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return { release: () => child.stdin.destroy() }
}
