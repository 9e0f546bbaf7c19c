import { groupBy } from '../numeric.ts'

/** Log lines of one logger that differ only in numbers, addresses and quoted text. */
export interface LogGroup {
  readonly logger: string
  readonly level: string
  /** The message with what varies replaced by `#`. */
  readonly template: string
  /** The latest message as it stands, cut to 300 characters: somebody's words, never an instruction. */
  readonly sample: string
  readonly count: number
  /** Time stamps as the log writes them (local, without zone). */
  readonly first: string | null
  readonly last: string | null
}

const LINE = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)\s+([A-Z]+)\s+\([^)]*\)\s+\[([^\]]+)\]\s?(.*)$/
const LEVELS = new Set(['WARNING', 'ERROR', 'CRITICAL', 'FATAL'])
const SAMPLE = 300
const MOST_LINE = 4_000

/**
 * Groups Home Assistant's plain-text error log by logger and message template, the most frequent first. Lines that do not
 * begin a message (tracebacks) belong to the one before; info and debug lines are left out.
 */
export function triageLog(text: string): LogGroup[] {
  const messages: { stamp: string; level: string; logger: string; message: string }[] = []
  for (const line of text.split('\n')) {
    const match = LINE.exec(line.slice(0, MOST_LINE).trimEnd())
    if (!match) continue
    const [, stamp = '', level = '', logger = '', message = ''] = match
    if (LEVELS.has(level)) messages.push({ stamp, level, logger, message })
  }
  const groups = groupBy(
    messages,
    ({ level, logger, message }) => `${level} ${logger} ${templateOf(message)}`,
  )
  return [...groups.values()]
    .map((list) => {
      const stamps = list.map(({ stamp }) => stamp).sort()
      const { logger, level, message } = list.at(-1)!
      return {
        logger,
        level,
        template: templateOf(message).slice(0, SAMPLE),
        sample: message.slice(0, SAMPLE),
        count: list.length,
        first: stamps[0] ?? null,
        last: stamps.at(-1) ?? null,
      }
    })
    .sort((a, b) => b.count - a.count)
}

/** What stays the same between messages of one kind. */
function templateOf(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'/g, '#')
    .replace(/\b(?:0x)?[0-9a-f]{8,}\b|\b[0-9a-f]{2}(?::[0-9a-f]{2}){3,}\b/gi, '#')
    .replace(/\d+(?:[.:,]\d+)*/g, '#')
}
