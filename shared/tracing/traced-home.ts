import type { HomeSource } from '../home/port.ts'
import { OPERATION, TOOL_NAME } from './attributes.ts'
import type { Tracer } from './tracer.ts'

/** How many things a read brought. */
function sizeOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) {
    let rows = 0
    for (const each of value.values()) rows += Array.isArray(each) ? each.length : 1
    return rows
  }
  return undefined
}

/**
 * The home with a span for each read below `parent`. What was asked for is its input; of what came only the number of
 * rows is told, since a home's data is large and nobody's business but the script's.
 */
export function traceHome(home: HomeSource, tracer: Tracer, parent: string): HomeSource {
  const read = async <T>(name: keyof HomeSource, inputs: unknown, work: () => Promise<T>): Promise<T> => {
    const span = tracer.start({
      name: `home.${name}`,
      parent,
      kind: 'client',
      type: 'RETRIEVER',
      attributes: { [OPERATION]: 'execute_tool', [TOOL_NAME]: `home.${name}` },
      ...(inputs === undefined ? {} : { inputs }),
    })
    try {
      const value = await work()
      span.set({ 'aether.rows': sizeOf(value) })
      return value
    } catch (thrown) {
      span.end(thrown)
      throw thrown
    } finally {
      span.end()
    }
  }
  return {
    info: (options) => read('info', undefined, () => home.info(options)),
    registries: (options) => read('registries', undefined, () => home.registries(options)),
    states: (options) => read('states', undefined, () => home.states(options)),
    energyPreferences: (options) =>
      read('energyPreferences', undefined, () => home.energyPreferences(options)),
    tariff: (options) => read('tariff', undefined, () => home.tariff(options)),
    statisticIds: (options) => read('statisticIds', undefined, () => home.statisticIds(options)),
    statistics: (query, options) => read('statistics', query, () => home.statistics(query, options)),
    history: (query, options) => read('history', query, () => home.history(query, options)),
    logbook: (span, options) => read('logbook', span, () => home.logbook(span, options)),
    errorLog: (options) => read('errorLog', undefined, () => home.errorLog(options)),
    automations: (options) => read('automations', undefined, () => home.automations(options)),
    traces: (options) => read('traces', undefined, () => home.traces(options)),
    traceSteps: (run, options) => read('traceSteps', run, () => home.traceSteps(run, options)),
    setupIssues: (options) => read('setupIssues', undefined, () => home.setupIssues(options)),
    repairs: (options) => read('repairs', undefined, () => home.repairs(options)),
    integrations: (options) => read('integrations', undefined, () => home.integrations(options)),
    services: (options) => read('services', undefined, () => home.services(options)),
    notes: (span, options) => read('notes', span, () => home.notes(span, options)),
  }
}
