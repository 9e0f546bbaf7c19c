import { CallRefused } from './fault.ts'

/** Parts of a home that an answer can do without. */
export type Part =
  | 'the error log'
  | 'the integrations'
  | 'the repairs'
  | 'the automations in detail'
  | "the automations' runs"
  | 'the logbook'
  | 'the history'
  | 'the energy settings'
  | 'the floors'
  | 'the statistics'
  | 'the labels'
  | 'what is wrong with the energy settings'
  | 'what is wrong with the statistics'

/** What could not be read, and why; it is told in every answer. */
export interface Missing {
  /** Gives what the read gives; where Home Assistant refuses it, notes the part as missing and gives the other. */
  orElse<T>(part: Part, read: Promise<T>, other: T): Promise<T>
  /** Notes parts as out of the token's rights, though nobody has asked for them yet. */
  expect(parts: readonly Part[]): void
  /** Whole sentences. */
  sentences(): readonly string[]
}

type Why = 'rights' | 'release' | 'fault'

/** Home Assistant's words for a refusal. */
const WHY: Readonly<Record<string, Why>> = {
  unauthorized: 'rights',
  unknown_command: 'release',
  not_found: 'release',
  invalid_format: 'release',
}

export function createMissing(): Missing {
  const missing = new Map<Part, Why>()
  return {
    async orElse(part, read, other) {
      try {
        const value = await read
        missing.delete(part)
        return value
      } catch (error) {
        if (!(error instanceof CallRefused)) throw error
        missing.set(part, WHY[error.code] ?? 'fault')
        return other
      }
    },
    expect(parts) {
      for (const part of parts) missing.set(part, 'rights')
    },
    sentences() {
      const parts = (why: Why) => [...missing].filter(([, reason]) => reason === why).map(([part]) => part)
      const rights = parts('rights')
      const release = parts('release')
      const faulty = parts('fault')
      return [
        ...(rights.length > 0
          ? [`The token of Home Assistant may not read ${listOf(rights)}; an administrator's token may.`]
          : []),
        ...(release.length > 0 ? [`This Home Assistant does not give ${listOf(release)}.`] : []),
        ...(faulty.length > 0 ? [`Home Assistant failed to give ${listOf(faulty)}.`] : []),
      ]
    },
  }
}

function listOf(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
