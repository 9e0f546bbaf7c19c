import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { OFFLINE_MODEL } from '../../../shared/llm/offline/model.ts'
import { worldFrom } from '../../fakes/home-assistant/from-home.ts'
import { type FakeHomeAssistant, startFakeHomeAssistant } from '../../fakes/home-assistant/server.ts'
import { createOtlpReceiver, type OtlpReceiver } from '../../fakes/otlp-receiver.ts'
import { ask } from '../../harness/chat.ts'
import type { Deployment } from '../../harness/deployment.ts'
import { type ParsedFamily, parsePrometheus } from '../../harness/prometheus-text.ts'
import { missingIn } from '../../harness/promql.ts'
import { wholeProcess } from '../../harness/whole-process.ts'

const ROOT = join(import.meta.dirname, '../../../infrastructure')
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly datasource?: { readonly uid: string }
    readonly targets?: readonly { readonly expr: string }[]
  }[]
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string
      readonly expr: string
      readonly annotations: { readonly summary: string; readonly action: string }
    }[]
  }[]
}

const dashboard: Dashboard = JSON.parse(text('grafana/dashboards/aether.json'))
const rules = (parse(text('prometheus/alerts.yml')) as Rules).groups.flatMap((group) => group.rules)

describe('a scrape of a running process, after a question', () => {
  let fake: FakeHomeAssistant
  let receiver: OtlpReceiver
  let deployment: Deployment
  let scrape: ReadonlyMap<string, ParsedFamily>

  beforeAll(async () => {
    fake = await startFakeHomeAssistant({ world: await worldFrom(createDemoHome({ now: Date.now }), 15) })
    receiver = await createOtlpReceiver()
    deployment = await wholeProcess({
      HA_URL: fake.url,
      HA_TOKEN: fake.token,
      METRICS_TOKEN: 'scrape-this',
      RETENTION_DAYS: '30',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      LLM_PRICES: JSON.stringify({ [OFFLINE_MODEL]: { input: 1, output: 1 } }),
    })
    await ask(deployment, 'Analyze my energy usage')
    const headers = { authorization: 'Bearer scrape-this' }
    scrape = parsePrometheus(await (await deployment.fetch('/metrics', { headers })).text())
  })
  afterAll(async () => {
    await deployment.stop()
    await fake.stop()
    await receiver.close()
  })

  test.each(dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr])))(
    'has what the panel "%s" asks for: %s',
    (_, expr = '') => {
      expect(missingIn(expr, scrape)).toEqual([])
    },
  )

  test.each(rules.map(({ alert, expr }) => [alert, expr]))('has what %s asks for', (_, expr = '') => {
    expect(missingIn(expr, scrape)).toEqual([])
  })

  test('shows nothing that no panel and no rule looks at', () => {
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ].join('\n')
    // Shown by tools and in the text alone.
    const apart = ['aether_sandbox_refill_seconds', 'aether_sandbox_artifacts_total']
    const unseen = [...scrape.keys()].filter((name) => !asked.includes(name) && !apart.includes(name))
    expect(unseen).toEqual([])
  })

  test('names every service that took part, and no value of a question, a key or an id', () => {
    const services = scrape.get('aether_http_requests_total')?.samples.map(({ labels }) => labels.service)
    expect(new Set(services)).toEqual(
      new Set(['gateway', 'architect', 'ds_orchestrator', 'ds_analysts', 'sandbox_runner']),
    )
    const hops = scrape
      .get('aether_hop_duration_seconds')
      ?.samples.map(({ labels }) => `${labels.from} ${labels.to}`)
    expect(new Set(hops)).toEqual(
      new Set(['orchestrator architect', 'architect ds_orchestrator', 'ds_orchestrator ds_analysts']),
    )
    const values = [...scrape.values()].flatMap(({ samples }) =>
      samples.flatMap(({ labels }) => Object.values(labels)),
    )
    for (const value of values) expect(value).not.toMatch(/energy usage|(?:run|key|conv|req)_[0-9a-z]{10}/)
  })
})

test('panels have ids of their own and the data source that is provisioned', () => {
  const source = parse(text('grafana/provisioning/datasources/prometheus.yaml')) as {
    datasources: { uid: string }[]
  }
  const ids = dashboard.panels.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { targets, datasource } of dashboard.panels)
    if (targets) expect(datasource?.uid).toBe(source.datasources[0]?.uid)
})

test('every alert says what is wrong and what to do', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { annotations } of rules) {
    expect(annotations.summary).toMatch(/\S.*\.$/)
    expect(annotations.action).toMatch(/\S.*[.?]$/)
  }
})

test('the scraper finds the containers by their names', () => {
  const { scrape_configs: jobs } = parse(text('prometheus/prometheus.yml')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[]
  }
  const targets = jobs.flatMap((job) => job.static_configs.flatMap((one) => one.targets))
  const services = ['compose.yaml', 'compose.distributed.yaml'].flatMap((file) => {
    const tags = [{ tag: '!override', collection: 'seq' as const }]
    return Object.keys(parse(text(`podman/${file}`), { merge: true, customTags: tags }).services)
  })
  expect(targets).toHaveLength(4)
  for (const target of targets) expect(services).toContain(target.replace(':8000', ''))
})
