import { expect, test } from 'vitest'
import { lastWords } from '../../../infrastructure/podman/last-words.ts'

const PS = [
  'aether-postgres\tUp 2 minutes ago (healthy)',
  'aether-ds-orchestrator\tUp 3 seconds ago (starting)',
  'aether-architect\tRestarting (1) 2 seconds ago',
  'aether-app\tCreated',
  'somebodys\tUp 2 days (unhealthy)',
].join('\n')

test('those that are not healthy are named with the last line that they said', () => {
  const asked: string[] = []
  const words = lastWords('podman', (command) => {
    asked.push(command.at(-1) ?? '')
    if (command.includes('ps')) return { ok: true, out: PS, err: '' }
    const out = command.includes('aether-architect') ? '' : 'one\nDATABASE_URL: refused.\n'
    return { ok: true, out, err: '' }
  })
  expect(words).toEqual(['aether-ds-orchestrator: DATABASE_URL: refused.'])
  expect(asked.slice(1)).toEqual(['aether-ds-orchestrator', 'aether-architect'])
})

test('an engine that does not answer has nothing to tell', () => {
  expect(lastWords('docker', () => ({ ok: false, out: '', err: 'no such command' }))).toEqual([])
})
