import type { Now } from '../ids.ts'

/**
 * Whole milliseconds by a clock that never jumps, whatever happens to the machine's date: what deadlines are counted by. Its
 * values mean something within one process only.
 */
export const steadyNow: Now = () => Math.round(performance.timeOrigin + performance.now())
