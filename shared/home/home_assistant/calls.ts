import { AetherError } from '../../errors/aether-error.ts'

/**
 * Every message type that may go to Home Assistant over the WebSocket. All of them read. The gate below stands at the
 * socket itself, so neither a caller nor the library can send anything else.
 */
export const MESSAGE_TYPES = [
  'auth',
  'auth/current_user',
  'automation/config',
  'config/area_registry/list',
  'config/device_registry/list',
  'config/entity_registry/list',
  'config/floor_registry/list',
  'config/label_registry/list',
  'config_entries/get',
  'energy/get_prefs',
  'energy/info',
  'energy/validate',
  'get_config',
  'get_services',
  'history/history_during_period',
  'homeassistant/expose_entity/list',
  'logbook/get_events',
  'recorder/list_statistic_ids',
  'recorder/statistics_during_period',
  'recorder/validate_statistics',
  'repairs/list_issues',
  'subscribe_entities',
  'subscribe_events',
  'system_log/list',
  'trace/get',
  'trace/list',
  'unsubscribe_events',
] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** A message without its id, which the connection gives it. */
export type Message = { readonly type: MessageType } & Readonly<Record<string, unknown>>

/** Events that may be listened to: that something in a registry or in the energy settings has changed. */
export const EVENT_TYPES = [
  'area_registry_updated',
  'device_registry_updated',
  'entity_registry_updated',
] as const

/** Paths that may be asked for over REST, always by GET and below the address of Home Assistant. */
const REST_PATHS: readonly RegExp[] = [
  /^\/manifest\.json$/,
  /^\/api\/error_log$/,
  /^\/api\/config\/automation\/config\/[\w-]{1,64}$/,
]

const TYPES: ReadonlySet<unknown> = new Set(MESSAGE_TYPES)
const EVENTS: ReadonlySet<unknown> = new Set(EVENT_TYPES)

/** Throws unless the text is one message of a kind that reads. */
export function assertReading(text: string): void {
  const message: unknown = JSON.parse(text)
  if (typeof message !== 'object' || message === null || Array.isArray(message)) throw notReading()
  const { type, event_type: event } = message as { type?: unknown; event_type?: unknown }
  if (!TYPES.has(type)) throw notReading()
  if (type === 'subscribe_events' && !EVENTS.has(event)) throw notReading()
}

/** Throws unless the path is one that may be read. */
export function assertReadable(path: string): void {
  if (!REST_PATHS.some((allowed) => allowed.test(path))) throw notReading()
}

function notReading(): AetherError {
  return new AetherError('INTERNAL', undefined, {
    cause: new Error('This call is not on the list of reading calls, so it was not sent.'),
  })
}
