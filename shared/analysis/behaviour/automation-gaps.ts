import type { Automation } from '../../domain/home-data.ts'
import { ROUTINE_MINUTES } from '../constants.ts'
import { effectsOf, triggerMinutes } from './automation-config.ts'
import type { Recurring } from './recurring.ts'

/**
 * The recurring manual actions that no enabled automation takes over: none sets the same thing to the same state by a
 * time trigger within 30 minutes. Compared by what automations do, not by their names.
 */
export function automationGaps(
  recurring: readonly Recurring[],
  automations: readonly Automation[],
): Recurring[] {
  const known = automations
    .filter((automation) => automation.enabled)
    .map((automation) => ({ effects: effectsOf(automation), minutes: triggerMinutes(automation) }))
  return recurring.filter(
    (action) =>
      !known.some(
        ({ effects, minutes }) =>
          effects.some(
            (e) => e.entityId === action.entityId && (e.state === null || e.state === action.state),
          ) && minutes.some((minute) => apart(minute, action.minute) <= ROUTINE_MINUTES),
      ),
  )
}

function apart(a: number, b: number): number {
  const distance = Math.abs(a - b)
  return Math.min(distance, 1_440 - distance)
}
