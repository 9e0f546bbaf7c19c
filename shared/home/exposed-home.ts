import type { Automation, EnergyPreferences, Entity, LogbookEntry, Registries } from '../domain/home-data.ts'
import type { ExposeRules } from './expose.ts'
import type { HomeSource, ReadOptions } from './port.ts'

const NOTE = 'Aether sees only the part of this home that HA_EXPOSE names.'

/** What may be seen, worked out of the registries. */
interface View {
  readonly registries: Registries
  readonly hidden: ReadonlySet<string>
  /** True for the id of an entity or statistic that may be seen. */
  sees(id: string): boolean
}

/**
 * A home of which only a part is seen. This is the one place that hides: agents and scripts get their data through it, so
 * a hidden thing is neither named nor counted. Free text that could name one (the log, repairs, integrations, entries
 * without an entity) is left out whole.
 */
export function createExposedHome(home: HomeSource, rules: ExposeRules): HomeSource {
  async function look(options: ReadOptions): Promise<View> {
    return toView(await home.registries(options), rules)
  }

  /** Ids of the statistics that may be seen: of seen entities, those named by id, and prices, which name nothing. */
  async function statistics(options: ReadOptions): Promise<(id: string) => boolean> {
    const [view, tariff] = await Promise.all([look(options), home.tariff(options)])
    return (id) => view.sees(id) || id === tariff?.dynamic || id === tariff?.dynamicExport
  }

  return {
    async info(options) {
      const info = await home.info(options)
      return { ...info, notes: [...info.notes, NOTE] }
    },
    async registries(options) {
      return (await look(options)).registries
    },
    async states(options) {
      const [view, states] = await Promise.all([look(options), home.states(options)])
      return states.filter((state) => view.sees(state.entityId))
    },
    async energyPreferences(options) {
      const [sees, preferences] = await Promise.all([statistics(options), home.energyPreferences(options)])
      return preferences && seenPreferences(preferences, sees)
    },
    tariff: (options) => home.tariff(options),
    async statisticIds(options) {
      const [sees, metas] = await Promise.all([statistics(options), home.statisticIds(options)])
      return metas.filter((meta) => sees(meta.id))
    },
    async statistics(query, options) {
      const sees = await statistics(options)
      return home.statistics({ ...query, ids: query.ids.filter(sees) }, options)
    },
    async history(query, options) {
      const { sees } = await look(options)
      return home.history({ ...query, entityIds: query.entityIds.filter(sees) }, options)
    },
    async logbook(span, options) {
      const [view, entries] = await Promise.all([look(options), home.logbook(span, options)])
      return entries.flatMap((entry) => seenEntry(entry, view))
    },
    async errorLog({ signal }) {
      signal.throwIfAborted()
      return ''
    },
    async automations(options) {
      const [view, automations] = await Promise.all([look(options), home.automations(options)])
      return automations.filter((each) => view.sees(each.entityId)).map((each) => seenAutomation(each, view))
    },
    async traces(options) {
      const [view, traces] = await Promise.all([look(options), home.traces(options)])
      return traces
        .filter((trace) => view.sees(trace.entityId))
        .map((trace) => ({ ...trace, trigger: null, error: null }))
    },
    async traceSteps(run, options) {
      const { sees } = await look(options)
      if (!sees(run.entityId)) return []
      return (await home.traceSteps(run, options)).map((step) => ({ ...step, error: null }))
    },
    async setupIssues(options) {
      const [sees, issues] = await Promise.all([statistics(options), home.setupIssues(options)])
      return issues.filter((issue) => sees(issue.about))
    },
    async repairs({ signal }) {
      signal.throwIfAborted()
      return []
    },
    async integrations({ signal }) {
      signal.throwIfAborted()
      return []
    },
    services: (options) => home.services(options),
    notes: (span, options) => home.notes(span, options),
  }
}

function toView(whole: Registries, rules: ExposeRules): View {
  const areaOfDevice = new Map(whole.devices.map((device) => [device.id, device.areaId]))
  const areaNames = new Map(whole.areas.map((area) => [area.id, [area.id, area.name.toLowerCase()]]))
  const byRule = (id: string) => rules.ids.some((pattern) => pattern.test(id))
  const isSeen = (entity: Entity) => {
    const areaId = entity.areaId ?? areaOfDevice.get(entity.deviceId ?? '') ?? ''
    return (
      (rules.assist && entity.assist === true) ||
      rules.kinds.includes(entity.domain) ||
      rules.areas.some((area) => areaNames.get(areaId)?.includes(area)) ||
      byRule(entity.id)
    )
  }
  const entities = whole.entities.filter(isSeen)
  const seen = new Set(entities.map((entity) => entity.id))
  const known = new Set(whole.entities.map((entity) => entity.id))
  const deviceIds = new Set(entities.map((entity) => entity.deviceId))
  const devices = whole.devices.filter((device) => deviceIds.has(device.id))
  const areaIds = new Set([...entities, ...devices].map((each) => each.areaId))
  return {
    registries: { areas: whole.areas.filter((area) => areaIds.has(area.id)), devices, entities },
    hidden: known.difference(seen),
    // A statistic without an entity, external or left behind, can only be let be seen by its own id.
    sees: (id) => seen.has(id) || (!known.has(id) && byRule(id)),
  }
}

function seenPreferences(preferences: EnergyPreferences, sees: (id: string) => boolean): EnergyPreferences {
  const sources = preferences.sources.flatMap((source): EnergyPreferences['sources'] => {
    if (source.type === 'solar') return sees(source.from) ? [source] : []
    if (source.type === 'battery') return sees(source.from) && sees(source.to) ? [source] : []
    const grid = {
      ...source,
      from: source.from.filter(sees),
      to: source.to.filter(sees),
      cost: source.cost.filter(sees),
      compensation: source.compensation.filter(sees),
    }
    return grid.from.length + grid.to.length > 0 ? [grid] : []
  })
  return {
    sources,
    supplies: preferences.supplies
      .filter((supply) => sees(supply.statistic))
      .map((supply) => (supply.cost !== null && !sees(supply.cost) ? { ...supply, cost: null } : supply)),
    devices: preferences.devices
      .filter((device) => sees(device.statistic))
      .map((device) =>
        device.includedIn !== null && !sees(device.includedIn) ? { ...device, includedIn: null } : device,
      ),
    power: Object.fromEntries(
      Object.entries(preferences.power).filter(([meter, power]) => sees(meter) && sees(power)),
    ),
  }
}

function seenEntry(entry: LogbookEntry, view: View): LogbookEntry[] {
  if (entry.entityId === null || !view.sees(entry.entityId)) return []
  const cause = entry.contextEntityId
  return [
    {
      ...entry,
      message: null,
      contextEntityId: cause !== null && view.sees(cause) ? cause : null,
    },
  ]
}

/** An automation that works on something hidden is seen without how it works. */
function seenAutomation(automation: Automation, { hidden }: View): Automation {
  const text = JSON.stringify(automation.config)
  const named = text.match(/[a-z_]+\.[a-z0-9_]+/g) ?? []
  return named.some((id) => hidden.has(id)) ? { ...automation, config: null } : automation
}
