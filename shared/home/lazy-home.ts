import type { HomeSource } from './port.ts'

/** A home that is opened by its first read: for hosts that begin anew with each request, of which few read the home. */
export function createLazyHome(open: () => HomeSource): HomeSource {
  let opened: HomeSource | null = null
  const home = (): HomeSource => {
    opened ??= open()
    return opened
  }
  return {
    info: async (options) => home().info(options),
    registries: async (options) => home().registries(options),
    states: async (options) => home().states(options),
    energyPreferences: async (options) => home().energyPreferences(options),
    tariff: async (options) => home().tariff(options),
    statisticIds: async (options) => home().statisticIds(options),
    statistics: async (query, options) => home().statistics(query, options),
    history: async (query, options) => home().history(query, options),
    logbook: async (span, options) => home().logbook(span, options),
    errorLog: async (options) => home().errorLog(options),
    automations: async (options) => home().automations(options),
    traces: async (options) => home().traces(options),
    traceSteps: async (run, options) => home().traceSteps(run, options),
    setupIssues: async (options) => home().setupIssues(options),
    repairs: async (options) => home().repairs(options),
    integrations: async (options) => home().integrations(options),
    services: async (options) => home().services(options),
    notes: async (span, options) => home().notes(span, options),
  }
}
