import { isAbsolute, join } from 'node:path'
import type { Env } from '../../shared/config/env.ts'

/** Files of the host that a home may need, with where the containers find them. */
const FILES = {
  HOME_DATA: '/files/home-data.csv',
  HOME_TARIFF: '/files/home-tariff.json',
  HA_CA_FILE: '/files/ha-ca.pem',
} as const

/** The environment that compose fills its files in from: paths of the host beside those inside, and an address as HOST. */
export function toContainerEnv(root: string, env: Env): Env {
  const files = Object.entries(FILES).flatMap(([name, inside]) => {
    const path = env[name]
    if (!path) return []
    const onHost = isAbsolute(path) ? path : join(root, path)
    return [
      [`AETHER_${name}`, onHost],
      [`AETHER_${name}_INSIDE`, inside],
    ]
  })
  // Compose publishes at addresses only, not at names.
  const host = env.HOST === 'localhost' ? { HOST: '127.0.0.1' } : {}
  return { ...env, ...host, ...Object.fromEntries(files) }
}
