import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  BOUND,
  COMPATIBILITY,
  KEEPS,
  WORKERS,
  type WorkerName,
} from '../../../infrastructure/miniflare/workers.ts'
import { VERSION } from '../../../infrastructure/node/version.ts'

const ROOT = join(import.meta.dirname, '../../..')
const textOf = (name: WorkerName) =>
  readFileSync(join(ROOT, name === 'gateway' ? 'wrangler.toml' : `functions/${name}/wrangler.toml`), 'utf8')

/** Name of a worker on the platform. */
const deployed = (name: WorkerName) => (name === 'gateway' ? 'aether' : `aether-${name.replaceAll('_', '-')}`)

describe.each(WORKERS)('the file for the deployment of %s', (name) => {
  it('says what npm run dev does', () => {
    const text = textOf(name)
    expect(/^name = "(.*)"$/m.exec(text)?.[1]).toBe(deployed(name))
    expect(/^compatibility_date = "(.*)"$/m.exec(text)?.[1]).toBe(COMPATIBILITY.date)
    expect(/^compatibility_flags = (.*)$/m.exec(text)?.[1]).toBe(
      JSON.stringify(COMPATIBILITY.flags).replaceAll(',', ', '),
    )
    expect(/^AETHER_VERSION = "(.*)"$/m.exec(text)?.[1]).toBe(VERSION)
    const services = [...text.matchAll(/^\[\[services\]\]\nbinding = "(.*)"\nservice = "(.*)"$/gm)]
    expect(Object.fromEntries(services.map(([, binding, service]) => [binding, service]))).toEqual(
      Object.fromEntries(Object.entries(BOUND[name]).map(([binding, to]) => [binding, deployed(to)])),
    )
    expect(text.includes('binding = "HYPERDRIVE"')).toBe(KEEPS.includes(name))
  })
})
