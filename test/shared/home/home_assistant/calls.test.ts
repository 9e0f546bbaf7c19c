import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  assertReadable,
  assertReading,
  EVENT_TYPES,
  MESSAGE_TYPES,
} from '../../../../shared/home/home_assistant/calls.ts'
import { openGuarded, type WebSocketLike } from '../../../../shared/home/home_assistant/guarded-socket.ts'
import { createRest } from '../../../../shared/home/home_assistant/rest.ts'

/** Every kind of call by which Home Assistant lets somebody change something, and some that merely look harmless. */
const WRITING = [
  'call_service',
  'fire_event',
  'energy/save_prefs',
  'execute_script',
  'render_template',
  'subscribe_trigger',
  'auth/long_lived_access_token',
  'auth/delete_refresh_token',
  'config/core/update',
  'config/area_registry/create',
  'config/area_registry/update',
  'config/area_registry/delete',
  'config/device_registry/update',
  'config/entity_registry/update',
  'config/entity_registry/remove',
  'config_entries/disable',
  'config_entries/flow',
  'homeassistant/expose_entity',
  'recorder/import_statistics',
  'recorder/clear_statistics',
  'recorder/adjust_sum_statistics',
  'recorder/update_statistics_metadata',
  'recorder/change_statistics_unit',
  'repairs/ignore_issue',
  'input_boolean/create',
  'lovelace/config/save',
  'backup/generate',
  'hassio/…',
  'trace/contexts',
  'logger/log_level',
  'Get_Config',
  'get_config ',
] as const

describe('no writing call leaves the adapter', () => {
  it('knows reading kinds only', () => {
    const writes =
      /create|update|delete|remove|save|set|import|clear|adjust|call_|fire|execute|render|ignore|disable|reload/
    for (const type of MESSAGE_TYPES) expect(type).not.toMatch(writes)
  })

  it.each(WRITING)('refuses %s at the gate', (type) => {
    expect(() => assertReading(JSON.stringify({ id: 3, type }))).toThrow('Something went wrong')
  })

  it('refuses what hides a kind, or is more than one message', () => {
    const refused = [
      [{ type: 'get_config' }, { type: 'call_service' }],
      { type: ['get_config', 'call_service'] },
      { type: { toString: 'get_config' } },
      { type: 'subscribe_events', event_type: 'call_service' },
      { type: 'subscribe_events' },
      'get_config',
      null,
      {},
    ]
    for (const each of refused) expect(() => assertReading(JSON.stringify(each))).toThrow()
    // Of two fields with one name the last one counts, here as in Home Assistant.
    expect(() => assertReading('{"type": "get_config", "type": "call_service"}')).toThrow()
    expect(() => assertReading('not json')).toThrow()
  })

  it('stands at the socket, whoever sends', async () => {
    const sent: string[] = []
    const listeners = new Map<string, (event: { data?: unknown }) => void>()
    const raw: WebSocketLike = {
      readyState: 1,
      send: (text) => void sent.push(text),
      close: () => {},
      addEventListener: (type, listener) => void listeners.set(type, listener),
    }
    const opening = openGuarded({
      url: 'ws://home',
      token: 't',
      open: () => raw,
      connectMs: 1_000,
      mostChars: 1_000,
      onFault: () => {},
    })
    listeners.get('message')?.({ data: '{"type":"auth_required"}' })
    listeners.get('message')?.({ data: '{"type":"auth_ok","ha_version":"2026.11.0"}' })
    const socket = await opening
    for (const type of WRITING) expect(() => socket.send(JSON.stringify({ id: 3, type }))).toThrow()
    socket.send('{"id":3,"type":"get_config"}')
    expect(sent.map((text) => JSON.parse(text).type)).toEqual(['auth', 'get_config'])
  })

  it('sends nothing but GET over REST, and only to known paths', async () => {
    const asked: Request[] = []
    const rest = createRest({
      base: () => 'http://home',
      token: 't',
      fetch: async (request) => {
        asked.push(request)
        return new Response('text')
      },
    })
    const { signal } = new AbortController()
    const refused = [
      '/api/services/light/turn_on',
      '/api/events/fire',
      '/api/states/light.x',
      '/api/config/automation/config/../../services',
      '/api/config/core/check_config',
      '/api/error_log/../services',
      '//elsewhere/api/error_log',
      '/api/template',
    ]
    for (const path of refused) {
      expect(() => assertReadable(path)).toThrow()
      await expect(rest.get(path, signal)).rejects.toThrow()
    }
    expect(asked).toEqual([])
    await rest.get('/api/error_log', signal)
    await rest.get('/api/config/automation/config/1700000000000', signal)
    expect(asked.map((each) => each.method)).toEqual(['GET', 'GET'])
  })

  it('has one way out: nothing else in the adapter opens a socket or fetches', () => {
    const folder = join(import.meta.dirname, '../../../../shared/home/home_assistant')
    const by = (pattern: RegExp) =>
      readdirSync(folder).filter((name) => pattern.test(readFileSync(join(folder, name), 'utf8')))
    expect(by(/\bfetch\(/)).toEqual(['diagnose.ts', 'rest.ts'])
    expect(by(/raw\.send\(/)).toEqual(['guarded-socket.ts'])
    expect(by(/new WebSocket|method:/)).toEqual([])
    expect(EVENT_TYPES.every((type) => type.endsWith('_registry_updated'))).toBe(true)
  })
})
