/** The images that are built here, with the file each is built from. */
export const IMAGES = [
  { name: 'aether-app', file: 'Containerfile', service: null },
  { name: 'aether-architect', file: 'Containerfile.service', service: 'architect' },
  { name: 'aether-ds-orchestrator', file: 'Containerfile.service', service: 'ds_orchestrator' },
  { name: 'aether-ds-analysts', file: 'Containerfile.service', service: 'ds_analysts' },
  { name: 'aether-sandbox', file: 'Containerfile.sandbox', service: null },
] as const

/** Every container of either deployment, the ones that call first. */
export const CONTAINERS = [
  'aether-app',
  'aether-architect',
  'aether-ds-orchestrator',
  'aether-ds-analysts',
  'aether-sandbox',
  'aether-mlflow',
  'aether-postgres',
] as const

export const NETWORKS = ['aether-network', 'aether-sandbox-network'] as const

/** Where the services of a deployment answer on this machine. */
export interface Published {
  readonly name: string
  readonly url: string
}

export type Deployment = 'distributed' | 'prod'

const FOLDER = 'infrastructure/podman'

/** The compose files of a deployment, as arguments from the project's root. `docker` adds the profile that gVisor needs there. */
export function composeArgs(deployment: Deployment, engine: 'podman' | 'docker'): string[] {
  const files = ['compose.yaml']
  if (deployment === 'distributed') files.push('compose.distributed.yaml')
  if (engine === 'docker') files.push('compose.docker.yaml')
  return [...files.flatMap((file) => ['-f', `${FOLDER}/${file}`]), '--profile', 'full']
}

/** The command that builds an image, from the project's root; `extra` are options of the user's own. */
export function buildCommand(
  engine: 'podman' | 'docker',
  { name, file, service }: (typeof IMAGES)[number],
  extra: readonly string[],
): string[] {
  const args = service === null ? [] : ['--build-arg', `AETHER_SERVICE=${service}`]
  return [engine, 'build', ...extra, ...args, '-t', `${name}:latest`, '-f', `${FOLDER}/${file}`, '.']
}

/** The services of a deployment that are waited for. */
export function publishedOf(deployment: Deployment): Published[] {
  const gateway = { name: 'gateway', url: 'http://127.0.0.1:8000' }
  if (deployment === 'prod') return [gateway]
  const agents = ['architect', 'ds_orchestrator', 'ds_analysts'].map((name, i) => ({
    name,
    url: `http://127.0.0.1:${8_001 + i}`,
  }))
  return [gateway, ...agents]
}
