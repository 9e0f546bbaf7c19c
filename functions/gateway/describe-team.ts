import type { HomeSource } from '../../shared/home/port.ts'
import type { LanguageModel } from '../../shared/llm/port.ts'
import type { Sandbox } from '../../shared/sandbox/port.ts'
import type { StatusInfo } from './about.ts'

const ASK_MS = 1_500

/** What `/status` tells of home, model and sandbox. */
export async function describeTeam(deps: {
  readonly home: HomeSource
  readonly llm: Pick<LanguageModel, 'name'>
  readonly runner: Pick<Sandbox, 'status'>
}): Promise<StatusInfo> {
  const signal = AbortSignal.timeout(ASK_MS)
  const [info, { tier, runsc, platform }] = await Promise.all([
    // A home that cannot be read is told among the dependencies, with why.
    deps.home.info({ signal }).catch(() => null),
    deps.runner.status(signal),
  ])
  return {
    home: info && { source: info.source, name: info.name },
    model: deps.llm.name,
    sandbox: { tier, runsc, platform },
  }
}
