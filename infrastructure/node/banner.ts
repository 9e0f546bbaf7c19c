import type { HomeInfo } from '../../shared/domain/home.ts'
import type { FoundSandbox, NoSandbox } from '../gvisor/find.ts'
import { type Config, firstKey } from './config.ts'

export interface BannerFacts {
  readonly config: Config
  readonly version: string
  readonly url: string
  /** Null while the home cannot be read; `homeTrouble` then says why. */
  readonly home: HomeInfo | null
  readonly homeTrouble: string | null
  readonly model: { readonly name: string; readonly offline: boolean }
  readonly database: string
  readonly sandbox: FoundSandbox | NoSandbox
  /** How it was started. */
  readonly command?: string
}

/** What is printed when a whole Aether is ready: what it runs on, and a request to paste, with the key. */
export function banner(facts: BannerFacts): string {
  const { config, version, url, home, model, database, sandbox } = facts
  const lines = [
    `Aether ${version} is ready at ${url}`,
    '',
    `  home      ${home === null ? facts.homeTrouble : describeHome(home)}`,
    `  model     ${describeModel(model, config)}`,
    `  database  ${database}`,
    `  sandbox   ${describeSandbox(sandbox, config)}`,
    ...(config.home.expose === null ? [] : ['  exposure  only what HA_EXPOSE names is seen of the home']),
    '',
    'Ask it something (the key is API_KEY in .env):',
    '',
    curl(url, firstKey(config)),
    '',
    reachLine(config.host, url, facts.command),
    'Ctrl-C stops it.',
  ]
  return lines.join('\n')
}

/** What is printed when one service alone is ready. */
export function serviceBanner(facts: Pick<BannerFacts, 'config' | 'version' | 'url'>): string {
  return `Aether ${facts.version}: ${facts.config.service} is ready at ${facts.url}. Ctrl-C stops it.`
}

function describeHome(home: HomeInfo): string {
  if (home.source === 'demo')
    return `${home.name}: simulated, in ${home.timeZone} (HA_URL and HA_TOKEN, or HOME_DATA=meter.csv, read your own)`
  const days = `${home.dataStart.slice(0, 10)} to ${home.dataEnd.slice(0, 10)}`
  const kind = home.source === 'home_assistant' ? 'Home Assistant, read only, ' : ''
  return `${home.name}: ${kind}${days}, in ${home.timeZone}${home.currency === null ? ', no currency (HOME_CURRENCY)' : `, ${home.currency}`}`
}

function describeModel(model: BannerFacts['model'], config: Config): string {
  if (model.offline)
    return 'offline: built in, by rules, no network (LLM_BASE_URL and LLM_API_KEY name a real one)'
  return `${model.name} at ${URL.parse(config.model?.baseUrl ?? '')?.host}`
}

function describeSandbox(sandbox: FoundSandbox | NoSandbox, { links }: Config): string {
  if (links.sandbox_runner !== undefined) return `the runner at ${URL.parse(links.sandbox_runner)?.host}`
  if ('reason' in sandbox) return `unavailable: ${sandbox.reason}`
  return `gVisor runsc ${sandbox.runscVersion}, Python ${sandbox.pythonVersion}`
}

/** The guide's own request, to be pasted into a shell. */
export function curl(url: string, key: string): string {
  const body = {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Analyze my energy usage' }],
    stream: true,
    agent: 'auto',
  }
  return [
    `curl -N -X POST ${url}/api/v1/chat/completions \\`,
    '  -H "Content-Type: application/json" \\',
    `  -H ${shellWord(`X-API-Key: ${key}`)} \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n')
}

/** A key that somebody chose may hold what a shell would read as something else. */
function shellWord(text: string): string {
  return /^[\w .:-]*$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`
}

/** Who can reach it, and how to change that. */
export function reachLine(host: string, url: string, command = 'make run'): string {
  if (host === '127.0.0.1' || host === 'localhost' || host === '::1')
    return `Only this machine reaches it. HOST=0.0.0.0 ${command} opens it to your home's network.`
  return `It listens on ${host}: everybody on its network who has a key can use it (${url} is its address on this machine).`
}
