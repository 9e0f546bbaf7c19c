import { confidenceOf, recordsFactor } from '../../../shared/analysis/confidence.ts'
import type { Focus } from '../../../shared/domain/analysis.ts'
import type { Finding } from '../../../shared/domain/finding.ts'
import type { HomeInfo } from '../../../shared/domain/home.ts'
import { findTopics } from '../../../shared/llm/offline/topics.ts'
import type { EnergyContext } from './context.ts'
import { costIn } from './cost.ts'

interface Need {
  readonly focus: Focus
  readonly title: string
  /** What this home does not tell and why, as a sentence; null where it does tell. */
  readonly lacks: (context: EnergyContext) => string | null
  /** What to set to have it, by where the home's data comes from. */
  readonly mend: Readonly<Partial<Record<HomeInfo['source'], string>>>
}

const SETTINGS = "Home Assistant's energy settings"

/** What a question can ask for that not every home has, why it is missing, and how to have it. */
const NEEDS: readonly Need[] = [
  {
    focus: 'cost',
    title: 'Cost',
    lacks: (context) => {
      const { tariff, main } = context.data
      if (!tariff) return 'This home does not tell what electricity costs, because it has no tariff.'
      const isUnpriced = main.gridFrom !== null && costIn(main, tariff, context) === null
      return isUnpriced
        ? 'What these days cost cannot be told, because none of their hours has a price.'
        : null
    },
    mend: {
      file: 'Set HOME_TARIFF to a tariff file to have it, or HOME_CURRENCY where the file has a rate column.',
      home_assistant: `Enter a price in ${SETTINGS} to have it, or set HOME_TARIFF to a tariff file.`,
    },
  },
  {
    focus: 'devices',
    title: 'Devices',
    lacks: ({ data }) =>
      data.devices.length === 0
        ? 'This home does not tell what single devices use, because none of them has a meter of its own.'
        : null,
    mend: {
      file: 'Add a column “device:<name>” to the file for each measured device to have it.',
      home_assistant: `Add individual devices in ${SETTINGS} to have it.`,
    },
  },
  {
    focus: 'solar',
    title: 'Solar',
    lacks: ({ data }) =>
      data.sources.solar.length === 0 && data.sources.gridTo.length === 0
        ? 'This home does not tell about solar energy, because no meter of it measures any.'
        : null,
    mend: {
      file: 'Add a column “solar_kwh” to the file to have it.',
      home_assistant: `Add the solar panels in ${SETTINGS} to have it.`,
    },
  },
  {
    focus: 'supplies',
    title: 'Gas and water',
    lacks: ({ data }) =>
      data.supplies.length === 0
        ? 'This home does not tell about gas or water, because no meter of it measures them.'
        : null,
    mend: { home_assistant: `Add the meters in ${SETTINGS} to have it.` },
  },
]

/** A finding for each thing that the question asks for by name and this home does not measure: silence would mislead. */
export function findMissing(context: EnergyContext): readonly Finding[] {
  const { state } = context
  // Who asks why is not asking for devices or cost by name: these are only where an explanation is looked for.
  const named = new Set<Focus>(findTopics(state.request.question)?.focus ?? [])
  const [main] = state.request.focus
  return NEEDS.flatMap(({ focus, title, lacks, mend }) => {
    const isAsked = focus === main || (named.has(focus) && state.request.focus.includes(focus))
    const lack = isAsked ? lacks(context) : null
    if (lack === null) return []
    const hint = mend[state.info.source]
    return state.finding({
      analyst: 'energy',
      kind: focus,
      title,
      statement: hint ? `${lack} ${hint}` : lack,
      confidence: confidenceOf([recordsFactor()]),
      metricIds: [],
      entities: [],
      evidence: [],
    })
  })
}
