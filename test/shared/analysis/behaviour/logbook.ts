import type { Automation, LogbookEntry } from '../../../../shared/domain/home-data.ts'

/** A logbook entry of a light that somebody's hand has switched, with what is told about it. */
export function entry(at: number, rest: Partial<LogbookEntry> = {}): LogbookEntry {
  return {
    at,
    entityId: 'light.lamp',
    name: 'Lamp',
    state: 'off',
    message: null,
    contextUserId: null,
    contextEventType: null,
    contextEntityId: null,
    ...rest,
  }
}

export function automation(
  config: Record<string, unknown> | null,
  rest: Partial<Automation> = {},
): Automation {
  return { entityId: 'automation.lamp', alias: 'Lamp', enabled: true, lastTriggered: null, config, ...rest }
}
