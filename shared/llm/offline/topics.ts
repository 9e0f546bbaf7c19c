import type { Focus } from '../../domain/analysis.ts'
import { ANALYSTS, type AnalystName } from '../../domain/names.ts'
import { firstOf, has, normalise, type Terms, terms } from './words.ts'

interface Topic {
  readonly focus: Focus
  readonly analyst: AnalystName
  /** Any one of these makes the text be about the topic. */
  readonly any: Terms
  /** A weak topic counts only where no strong one does. */
  readonly weak?: true
  /** Words that every analyst's questions use: they count only where no other analyst has a strong topic. */
  readonly shared?: true
}

/** Names of things that use or make electricity, as people say them. */
export const DEVICE_TERMS = terms(
  'heat pump*, heatpump*, ev, electric car, car, wallbox, charger, charging station, fridge*, refrigerator*, freezer*, ' +
    'washing machine*, washer*, tumble dryer*, dryer*, dishwasher*, oven*, stove*, hob, cooktop, kettle*, ' +
    'water heater*, boiler*, air conditioner*, air conditioning, ac, tv, television*, server*, router*, computer*, ' +
    'desktop*, pc, pool pump*, sauna*, dehumidifier*, microwave*, coffee machine*',
)

const DEVICE = new RegExp(DEVICE_TERMS.map((term) => term.source).join('|'), 'u')

/** The first device that a text names, or null. */
export function deviceIn(text: string): string | null {
  return normalise(text).match(DEVICE)?.[0] ?? null
}

/** What a question can be after, in the order in which a tie is settled. Data: one line a topic. */
const TOPICS: readonly Topic[] = [
  {
    focus: 'comparison',
    analyst: 'energy',
    any: terms(
      'compar*, versus, vs, difference, than, more or less, up or down, increase*, decrease*, risen, rose, gone up, went up, trend*, change since, changed since',
    ),
  },
  {
    focus: 'cost',
    analyst: 'energy',
    any: terms(
      'cost*, bill*, price*, pay, paid, spend*, spent, expens*, money, euro*, eur, dollar*, tariff*, cheap*, afford',
    ),
  },
  {
    focus: 'night',
    analyst: 'energy',
    any: terms(
      "night*, overnight, while we sleep, while i sleep, while i'm asleep, while everyone sleeps, asleep, nocturnal",
    ),
  },
  {
    focus: 'devices',
    analyst: 'energy',
    any: [
      ...DEVICE_TERMS,
      ...terms(
        'device*, appliance*, consumer*, guzzler*, waste*, wasting, per device, breakdown, break down, what uses, what is using, what used, who uses, which thing*, biggest user*, biggest consumer*, uses the most, uses most, using the most',
      ),
    ],
    shared: true,
  },
  {
    focus: 'peak',
    analyst: 'energy',
    any: terms(
      'peak*, highest, maximum, max, most power, spike*, busiest hour, biggest load, load peak*, highest load, highest hour',
    ),
  },
  {
    focus: 'baseload',
    analyst: 'energy',
    any: terms(
      'baseload*, base load*, base-load*, is always on, runs all the time, standby, stand-by, stand by, always on, always-on, idle, vampire*, phantom*, minimum load, lowest load, background consumption, background use',
    ),
  },
  {
    focus: 'solar',
    analyst: 'energy',
    any: terms(
      'solar, pv, produce*, generat*, photovoltaic*, panel*, self-sufficien*, self sufficien*, autarky, self-consum*, self consum*, feed in, feed-in, fed in, feed into the grid, export*, inverter*, sun power',
    ),
  },
  {
    focus: 'supplies',
    analyst: 'energy',
    any: terms(
      'gas, natural gas, how much water, water use*, water usage, water consumption, water bill*, use of water, cubic met*',
    ),
  },
  {
    focus: 'profile',
    analyst: 'energy',
    any: terms(
      'profile*, typical day, daily pattern*, load curve*, by hour, per hour, hourly, by weekday, weekends, weekdays, working days, workdays, time of day, when do i use, when do we use, load shape*, highest days, each day, per day, daily, day by day, which day*, what day*, on which day, which hour*, what hour*, what time*, highest day*, lowest day*, expensive day*, dearest day*, cheapest day*, costliest day*, expensive hour*, cheapest hour*',
    ),
  },
  {
    focus: 'anomaly',
    analyst: 'energy',
    any: terms(
      'anomal*, unusual*, abnormal*, strange*, odd, oddities, weird, outlier*, out of the ordinary, so high, so much, too high, so low, suspicious',
    ),
  },
  {
    focus: 'total',
    analyst: 'energy',
    any: terms(
      'how much energy, how much electricity, how much power, how many kwh, how many kilowatt*, kwh, total, totals, total consumption, consumption',
    ),
  },
  {
    focus: 'total',
    analyst: 'energy',
    any: terms(
      'how much today, how much yesterday, how much last, how much this, how much in, how much on, how much since, how much did i use, how much did we use, consume*, usage, use, used, uses, using, draw, drew, meter',
    ),
    weak: true,
  },
  {
    focus: 'overview',
    analyst: 'energy',
    any: terms('energy, electricity, power, save, saving*, efficien*, load, grid'),
    weak: true,
  },
  {
    focus: 'automations',
    analyst: 'behavioral',
    any: terms('automate, automated, automating, automation, automations, undo*, undone, overrid*, overrul*'),
  },
  {
    focus: 'routines',
    analyst: 'behavioral',
    any: terms(
      'routine*, habit*, recurring, behavio*, manually, by hand, every morning, every evening, do i always, what do we do, usually do, usual activity, patterns in my home, daily life',
    ),
  },
  {
    focus: 'battery',
    analyst: 'diagnostic',
    any: terms(
      'low batter*, batter* low, batteries, battery level*, batter* empty, empty batter*, dead batter*, flat batter*, weak batter*, change the batter*, replace the batter*, run out of battery, running low',
    ),
  },
  {
    focus: 'availability',
    analyst: 'diagnostic',
    any: terms(
      "unavailable, offline device*, offline sensor*, is offline, are offline, went offline, devices offline, sensors offline, not responding, doesn't respond, don't respond, unreachable, disconnected, flaky, drop out, drops out, silent, broken, not working, doesn't work, stopped working, dead sensor*, dead device*, outage*, missing device*, lost connection",
    ),
  },
  {
    focus: 'log',
    analyst: 'diagnostic',
    any: terms('error log*, errors, warning*, logs, log, exception*, log file*'),
  },
  {
    focus: 'quality',
    analyst: 'diagnostic',
    any: terms(
      'data quality, missing data, gaps, gap in, stuck, frozen, wrong readings, wrong values, bad data, can i trust, sensor problem*, sensor fault*, faulty',
    ),
  },
  {
    focus: 'availability',
    analyst: 'diagnostic',
    any: terms(
      'diagnos*, health, health check, problem*, wrong with, issue*, fault*, troubleshoot*, maintenance, wrong in, anything wrong',
    ),
  },
]

/** Phrases that ask for the whole picture; the analysts they mean. */
const OVERVIEWS: readonly { readonly any: Terms; readonly analysts: readonly AnalystName[] }[] = [
  {
    any: terms(
      'analy* my energy, analy* the energy, analy* our energy, energy usage, energy overview, energy report, energy summary, energy use overview, analy* my usage, analy* my consumption, analy* my electricity, overview of my energy, energy check',
    ),
    analysts: ['energy'],
  },
  {
    any: terms(
      'analy* my home, analy* the home, analy* our home, analy* my house, analy* the house, analy* everything, home report, full report, whole picture, weekly report, how is my home doing, how is the house doing, report on my home, check my home, overview of my home, home overview, summar* my home, status report',
    ),
    analysts: ANALYSTS,
  },
]

/** The load of batteries of a house is energy, not a device's cell. */
const HOUSE_BATTERY = terms('house battery, home battery, battery storage, solar battery')

export interface TopicMatch {
  readonly analysts: readonly AnalystName[]
  /** What is asked for, the most asked for first. */
  readonly focus: readonly Focus[]
  /** Whether a strong term was met, and not only a word such as "use". */
  readonly strong: boolean
}

/** What a text is about, by the tables above; null when it is about nothing that an analyst knows. */
export function findTopics(text: string): TopicMatch | null {
  const plain = normalise(text)
  const whole = OVERVIEWS.find((each) => has(plain, each.any))
  const houseBattery = has(plain, HOUSE_BATTERY)
  const hits = TOPICS.map((topic) => ({ topic, at: firstOf(plain, topic.any) })).filter(
    ({ topic, at }) => at >= 0 && !(topic.focus === 'battery' && houseBattery),
  )
  const named = hits.filter(({ topic }) => !topic.weak)
  const strong = named.filter(
    ({ topic }) => !topic.shared || !named.some((hit) => hit.topic.analyst !== topic.analyst),
  )
  const kept = strong.length > 0 || whole ? strong : hits.slice(0, 1)
  if (kept.length === 0 && !whole) return null
  const ordered = kept.toSorted((a, b) => rank(a.topic.focus) - rank(b.topic.focus) || a.at - b.at)
  const names = new Set<AnalystName>([...(whole?.analysts ?? []), ...kept.map((hit) => hit.topic.analyst)])
  const focus = new Set(ordered.map((hit) => hit.topic.focus))
  if (whole) focus.add('overview')
  const framed = focus.has('comparison') ? (['comparison'] as const) : []
  const overview = whole ? (['overview'] as const) : []
  return {
    analysts: ANALYSTS.filter((name) => names.has(name)),
    focus: [...new Set<Focus>([...framed, ...overview, ...focus])],
    strong: strong.length > 0 || whole !== undefined,
  }
}

/** What frames a question comes first, then its subject, then the quantity. */
function rank(focus: Focus): number {
  const order: readonly Focus[] = ['comparison', 'night', 'devices']
  const at = order.indexOf(focus)
  if (at >= 0) return at
  return focus === 'total' || focus === 'cost' ? order.length + 1 : order.length
}
