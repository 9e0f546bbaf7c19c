import * as v from 'valibot'
import { ANALYSTS } from '../../../shared/domain/names.ts'
import { defaultDates, findComparison, findDates } from '../../../shared/domain/time/phrase.ts'
import type { LocalDates } from '../../../shared/domain/turn.ts'
import { dataBlock } from '../../../shared/llm/data-block.ts'
import { askTeam } from '../ask-team.ts'
import { badArguments } from './bad-arguments.ts'
import type { Delegated, Tool, ToolContext } from './tool.ts'

const Dates = v.nullish(
  v.pipe(
    v.object({ start: v.pipe(v.string(), v.isoDate()), end: v.pipe(v.string(), v.isoDate()) }),
    v.check((dates) => dates.start <= dates.end, 'start must not be after end'),
  ),
)

const Arguments = v.object({
  question: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(8_000)),
  analysts: v.fallback(v.nullish(v.array(v.picklist(ANALYSTS))), null),
  window: v.fallback(Dates, null),
  compare: v.fallback(Dates, null),
})

const dates = {
  anyOf: [
    { type: 'null' },
    {
      type: 'object',
      properties: { start: { type: 'string', format: 'date' }, end: { type: 'string', format: 'date' } },
      required: ['start', 'end'],
    },
  ],
}

/** Metrics that a model may see beside the text. */
const MOST_METRICS = 40

/** Has the data-science team work on a question. */
export const ANALYZE: Tool = {
  delegates: true,
  spec: {
    name: 'analyze',
    description:
      'Has a team of analysts compute the answer to one question about energy, routines, automations or device health.',
    parameters: {
      type: 'object',
      properties: {
        question: { type: 'string', description: 'The question, complete in itself' },
        analysts: {
          type: 'array',
          items: { type: 'string', enum: [...ANALYSTS] },
          description: 'Only where it is plain who is meant',
        },
        window: {
          ...dates,
          description: 'Local days the question is about, both included; null where none are named',
        },
        compare: { ...dates, description: 'Local days to compare with, both included, or null' },
      },
      required: ['question'],
    },
  },
  async *run(args, context) {
    const parsed = v.safeParse(Arguments, args)
    if (!parsed.success) return badArguments(parsed.issues, context.nonce)
    const { question, analysts } = parsed.output
    const { window, compare } = datesFor(parsed.output, context)
    const delegated = yield* askTeam(
      {
        question,
        analysts: context.turn.hints.analysts ?? (analysts && analysts.length > 0 ? analysts : null),
        window,
        compare,
        reason: reasonFor(window),
      },
      context,
    )
    return { content: toBlock(question, delegated, context), delegated }
  },
}

/** Days that the question names in words are read by rule: a model's slip with dates must not move the window. */
function datesFor(
  asked: v.InferOutput<typeof Arguments>,
  { info }: ToolContext,
): { window: LocalDates | null; compare: LocalDates | null } {
  const now = Date.parse(info.now)
  const data = { start: Date.parse(info.dataStart), end: Date.parse(info.dataEnd) }
  const window = findDates(asked.question, now, info.timeZone, data)?.dates ?? asked.window ?? null
  const base = window ?? defaultDates(now, info.timeZone)
  const compare = findComparison(asked.question, now, info.timeZone, data, base) ?? asked.compare ?? null
  return { window, compare }
}

function reasonFor(window: LocalDates | null): string {
  return window
    ? `the data of ${window.start} to ${window.end} must be analysed`
    : "the home's data must be analysed"
}

function toBlock(question: string, delegated: Delegated, context: ToolContext): string {
  const metrics = (delegated.analysis?.metrics ?? [])
    .slice(0, MOST_METRICS)
    .map(({ name, label, value, unit, local }) => ({ name, label, value, unit, local }))
  return dataBlock('analysis', { question, text: delegated.text, metrics }, context.nonce)
}
