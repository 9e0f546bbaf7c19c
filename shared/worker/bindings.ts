import { AetherError } from '../errors/aether-error.ts'
import type { FetchInit } from '../http/fetch.ts'

/** What a worker is given beside variables, as far as ours use it. */
export type WorkerEnv = Readonly<Record<string, unknown>>

/** A service binding: another worker, reached without a network. */
export interface ServiceBinding {
  fetch(request: Request, init?: FetchInit): Promise<Response>
}

/** A Hyperdrive binding: the database's address within the platform. */
export interface HyperdriveBinding {
  readonly connectionString: string
}

/** The part of the platform's execution context that is used. */
export interface WorkerContext {
  /** Keeps the worker alive for work that no answer waits for; how long is the platform's decision. */
  waitUntil(work: Promise<unknown>): void
}

/** A worker's module, as the platform takes it. */
export interface Worker {
  fetch(request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response>
  /** Called by a Cron Trigger. */
  scheduled?(event: unknown, env: WorkerEnv, context: WorkerContext): Promise<void>
}

/** The worker that a service binding names. Throws where it is missing. */
export function serviceBinding(env: WorkerEnv, name: string): ServiceBinding {
  const binding = env[name]
  if (!isServiceBinding(binding)) throw missing(name, 'a service binding')
  return binding
}

/** The address of the database. Throws where the binding is missing. */
export function databaseUrl(env: WorkerEnv, name = 'HYPERDRIVE'): string {
  const binding = env[name]
  if (!isHyperdrive(binding)) throw missing(name, 'a Hyperdrive binding')
  return binding.connectionString
}

/** What no log line may hold of the database's address; undefined in a worker without one. */
export function databasePassword(env: WorkerEnv, name = 'HYPERDRIVE'): string | undefined {
  const binding = env[name]
  if (!isHyperdrive(binding)) return undefined
  return decodeURIComponent(URL.parse(binding.connectionString)?.password ?? '')
}

function isServiceBinding(value: unknown): value is ServiceBinding {
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function'
}

function isHyperdrive(value: unknown): value is HyperdriveBinding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'connectionString' in value &&
    typeof value.connectionString === 'string'
  )
}

function missing(name: string, what: string): AetherError {
  return new AetherError('INTERNAL', undefined, { cause: new Error(`${name} must be ${what}.`) })
}
