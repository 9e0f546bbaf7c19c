import { expect, test } from 'vitest'
import { findEngine } from '../../../infrastructure/podman/engine.ts'
import type { Ask, Outcome } from '../../../infrastructure/podman/shell.ts'

const MISSING = { ok: false, out: '', err: 'spawnSync x ENOENT' }
const says = (out: string): Outcome => ({ ok: true, out, err: '' })
const refuses = (err: string): Outcome => ({ ok: false, out: '', err })

/** A machine that knows these commands, named by how they begin; all others are not there. */
const machine =
  (known: Readonly<Record<string, Outcome>>): Ask =>
  (command) => {
    const line = command.join(' ')
    return Object.entries(known).find(([start]) => line.startsWith(start))?.[1] ?? MISSING
  }

const DOCKER = says('{"Platform":{"Name":"Docker Engine - Community"}}')
const PODMAN_API = says('{"Components":[{"Name":"Podman Engine"}]}')
const COMPOSE = { 'docker compose version': says('Docker Compose version v2.26.1') }
const PODMAN = { 'podman info': says('linux'), 'podman version': says('4.3.1') }

test('Docker with its compose builds and starts', () => {
  expect(findEngine(machine({ 'docker version': DOCKER, ...COMPOSE }))).toEqual({
    build: 'docker',
    compose: ['docker', 'compose'],
  })
})

test('where Podman stands behind docker compose, Podman builds: both see the same images then', () => {
  expect(findEngine(machine({ 'docker version': PODMAN_API, ...COMPOSE, ...PODMAN }))).toEqual({
    build: 'podman',
    compose: ['docker', 'compose'],
  })
})

test('Podman alone, with what it hands compose on to, or with podman-compose', () => {
  expect(
    findEngine(machine({ ...PODMAN, 'podman compose version': says('Docker Compose version v2.30.0') })),
  ).toEqual({
    build: 'podman',
    compose: ['podman', 'compose'],
  })
  expect(
    findEngine(machine({ ...PODMAN, 'podman-compose version': says('podman-compose version 1.5.0') })),
  ).toEqual({
    build: 'podman',
    compose: ['podman-compose'],
  })
})

test.each<[string, Record<string, Outcome>, RegExp]>([
  ['nothing', {}, /no container engine.*make run-distributed-local/],
  ['Docker without compose', { 'docker version': DOCKER }, /docker-compose-plugin/],
  [
    'a user whom Docker refuses',
    { 'docker version': refuses('permission denied while trying') },
    /group docker/,
  ],
  ['Podman without compose', PODMAN, /pip install podman-compose==1\.5\.0/],
  [
    'a podman-compose without profiles',
    { ...PODMAN, 'podman-compose version': says('podman-compose version: 1.0.3') },
    /podman-compose 1\.0\.3 is too old.*podman-compose==1\.5\.0/,
  ],
  [
    'Podman that is broken',
    { 'podman info': refuses('a\ncannot find newuidmap') },
    /Podman does not work: cannot find newuidmap/,
  ],
])('says what to do with %s', (_, known, message) => {
  expect(() => findEngine(machine(known))).toThrow(message)
})
