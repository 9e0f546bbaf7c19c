import { expect, test } from 'vitest'
import { removeContainers } from '../../../infrastructure/podman/down.ts'
import type { Outcome } from '../../../infrastructure/podman/shell.ts'

const run = (containers: readonly string[], answers: Readonly<Record<string, Outcome>> = {}) => {
  const asked: string[] = []
  const said: string[] = []
  removeContainers(
    (command) => {
      const line = command.join(' ')
      asked.push(line)
      if (command[0] !== 'podman') return { ok: false, out: '', err: 'ENOENT' }
      return answers[line] ?? { ok: true, out: command[1] === 'ps' ? containers.join('\n') : '', err: '' }
    },
    (line) => said.push(line),
  )
  return { asked, said }
}

test('ends our containers by name, callers first, one after the other, and leaves the others and the volumes', () => {
  const { asked, said } = run(['aether-postgres', 'somebody-else', 'aether-app'])
  expect(said).toEqual(['Ended aether-app, aether-postgres.'])
  expect(asked.filter((line) => / (stop|rm) /.test(line))).toEqual([
    'podman stop --time 15 aether-app aether-postgres',
    'podman rm --force --volumes aether-app',
    'podman rm --force --volumes aether-postgres',
    'podman network rm aether-network',
    'podman network rm aether-sandbox-network',
  ])
})

test('says nothing where nothing of ours is, and what could not be removed', () => {
  expect(run(['somebody-else']).said).toEqual([])
  const stuck = { 'podman rm --force --volumes aether-app': { ok: false, out: '', err: 'device busy\n' } }
  expect(run(['aether-app'], stuck).said).toEqual(['Not all could be removed:\ndevice busy'])
})
