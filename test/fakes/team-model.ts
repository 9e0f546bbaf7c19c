import { readDataBlock } from '../../shared/llm/data-block.ts'
import type { FakeBody, FakeStep } from './fake-model.ts'

/** What a call of the team's is for, as far as a provider can tell. */
export type Job = 'route' | 'converse' | 'select' | 'script' | 'synthesise'

type Reply = Extract<FakeStep, { kind: 'reply' }>

export interface LedgerSeen {
  readonly findings: readonly { readonly statement: string }[]
  readonly caveats: readonly string[]
  readonly confidence: { readonly value: number; readonly reason: string | null }
}

/** A JSON object of the team's own, in a block of this kind. */
export function blockOf<T>(body: FakeBody, kind: string): T | null {
  const messages = body.messages.map(({ role, content }) => ({ role, content: content ?? '' }))
  return readDataBlock(messages, kind) as T | null
}

export function jobOf(body: FakeBody): Job {
  const tools = body.tools?.map((tool) => tool.function.name) ?? []
  if (tools.includes('route')) return 'route'
  if (tools.includes('select_analysts')) return 'select'
  if (tools.includes('submit_script')) return 'script'
  return blockOf(body, 'ledger') ? 'synthesise' : 'converse'
}

export const lastUserText = (body: FakeBody) =>
  body.messages.findLast((message) => message.role === 'user')?.content ?? ''

/** Results of tools since the user last spoke. */
export const resultsOf = (body: FakeBody) =>
  body.messages
    .slice(body.messages.findLastIndex((message) => message.role === 'user') + 1)
    .filter((message) => message.role === 'tool')

export const calling = (name: string, args: unknown): Reply => ({
  kind: 'reply',
  calls: [{ name, arguments: typeof args === 'string' ? args : JSON.stringify(args) }],
})

/** Its own estimate by pandas, from whichever file it is given. */
const SCRIPT = (file: string, zone: string) => `
import pandas as pd
import aether
rows = pd.read_csv(${JSON.stringify(file)})
hours = rows['minutes'] / 60
kwh = rows['kwh'] if 'kwh' in rows else rows['watts'] * hours / 1000
watts = kwh * 1000 / hours
local = pd.to_datetime(rows['start'], utc=True).dt.tz_convert(${JSON.stringify(zone)})
night = watts[(local.dt.hour >= 1) & (local.dt.hour < 5)]
n = int(60 / rows['minutes'].iloc[0])
rolling = watts.rolling(n).mean()
top = int(rolling.idxmax()) - n + 1
aether.result({
    'total_kwh': float(kwh.sum()),
    'baseload_w': float(watts.quantile(0.05)),
    'peak_60m_kw': float(rolling.max()) / 1000,
    'peak_60m_start': rows['start'].iloc[top],
    'night_median_w': float(night.median()) if len(night) else None,
})
`

/** Works as a good model does: calls the tools that it is given, then words what they brought. */
export function goodModel(body: FakeBody): Reply {
  switch (jobOf(body)) {
    case 'route':
      return calling('route', { agent: 'architect', reason: 'a question about the home' })
    case 'converse': {
      const results = resultsOf(body)
      if (results.length > 0) return { kind: 'reply', text: 'That is what I found.' }
      // A model often slips with dates: these are not those of any question here.
      return calling('analyze', {
        question: lastUserText(body),
        window: { start: '2026-01-01', end: '2026-01-03' },
      })
    }
    case 'select':
      return calling('select_analysts', {
        analysts: ['energy'],
        focus: ['overview'],
        window: null,
        compare: null,
        reason: 'It is about energy.',
      })
    case 'script': {
      const task = blockOf<{ files: { name: string }[]; time_zone: string }>(body, 'script_task')
      return calling('submit_script', { code: SCRIPT(task?.files[0]?.name ?? '', task?.time_zone ?? 'UTC') })
    }
    case 'synthesise': {
      const ledger = blockOf<LedgerSeen>(body, 'ledger')
      const said = ledger?.findings.slice(0, 4).map((finding) => finding.statement) ?? []
      return { kind: 'reply', text: [...said, ...(ledger?.caveats ?? [])].join('\n\n') }
    }
  }
}
