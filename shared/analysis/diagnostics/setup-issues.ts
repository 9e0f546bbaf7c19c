import type { SetupIssue } from '../../domain/home-data.ts'

/** What Home Assistant's codes mean for whoever reads the figures. */
const MEANINGS: Readonly<Record<string, string>> = {
  entity_not_defined: 'does not exist',
  statistics_not_defined: 'has no statistics',
  recorder_untracked: 'is not recorded',
  entity_not_recorded: 'is not recorded',
  entity_no_longer_recorded: 'is no longer recorded',
  no_state: 'has statistics but no state any more',
  entity_unavailable: 'is unavailable',
  entity_state_non_numeric: 'has a state that is not a number',
  entity_negative_state: 'has a negative state',
  entity_unexpected_state_class: 'has a state class that does not fit',
  entity_unexpected_device_class: 'has a device class that does not fit',
  entity_state_class_measurement_no_last_reset: 'counts without ever telling that it began anew',
  unsupported_state_class: 'has a state class that statistics cannot be made of',
  state_class_removed: 'has lost its state class, so its statistics have stopped',
  units_changed: 'has another unit than its statistics, so these have stopped',
  mean_type_changed: 'is averaged in another way than before, so its statistics have stopped',
}

/** One issue in words, about the thing of that name. A code that is not known is told in the home's own words. */
export function sayIssue({ code }: SetupIssue, name: string): string {
  const own = code
    .replaceAll(/[^a-z0-9]+/gi, ' ')
    .trim()
    .slice(0, 80)
  const unit = code.startsWith('entity_unexpected_unit') ? 'has a unit that does not fit' : null
  return `${name} ${MEANINGS[code] ?? unit ?? `has the problem "${own}"`}`
}
