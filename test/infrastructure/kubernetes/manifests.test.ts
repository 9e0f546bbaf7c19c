import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { toConfig } from '../../../infrastructure/node/config.ts'

interface Peer {
  readonly podSelector: { readonly matchLabels: { readonly app: string } }
}

interface Pod {
  readonly automountServiceAccountToken: boolean
  readonly securityContext: { readonly runAsNonRoot: boolean }
  readonly containers: readonly {
    readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[]
    readonly env: readonly { readonly name: string; readonly value?: string }[]
    readonly securityContext: unknown
    readonly resources: { readonly limits: { readonly memory: string } }
  }[]
}

interface K8sObject {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly policyTypes?: readonly string[]
    readonly ingress?: readonly { readonly from?: readonly Peer[] }[]
    readonly template?: { readonly spec: Pod }
  }
  readonly data?: Readonly<Record<string, string>>
}

const FOLDER = join(import.meta.dirname, '../../../infrastructure/kubernetes')
const objects = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
  .flatMap((name) => parseAllDocuments(readFileSync(join(FOLDER, name), 'utf8')))
  .map((document) => document.toJS() as K8sObject)
const of = (kind: string) => objects.filter((object) => object.kind === kind)
const NAMES = ['architect', 'ds-analysts', 'ds-orchestrator', 'gateway', 'sandbox']

describe('the files for a cluster', () => {
  it.each(['Deployment', 'Service', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'])(
    'have one %s for each service',
    (kind) => {
      expect(
        of(kind)
          .map((object) => object.metadata.name)
          .toSorted(),
      ).toEqual(NAMES)
    },
  )

  it('let nobody call a service but its callers, and the sandbox call nobody', () => {
    const callers = Object.fromEntries(
      of('NetworkPolicy').map(({ metadata, spec }) => [
        metadata.name,
        (spec.ingress ?? []).flatMap((rule) =>
          (rule.from ?? [{ podSelector: { matchLabels: { app: 'anybody' } } }]).map(
            (from) => from.podSelector.matchLabels.app,
          ),
        ),
      ]),
    )
    expect(callers).toEqual({
      'default-deny-ingress': [],
      gateway: ['anybody'],
      architect: ['gateway'],
      'ds-orchestrator': ['architect', 'gateway'],
      'ds-analysts': ['ds-orchestrator', 'gateway'],
      sandbox: ['ds-analysts'],
    })
    const sandbox = of('NetworkPolicy').find((policy) => policy.metadata.name === 'sandbox')
    expect(sandbox?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [] })
  })

  it.each(NAMES)('start %s with variables that it knows, and without rights', (name) => {
    const pod = of('Deployment').find((each) => each.metadata.name === name)?.spec.template?.spec
    const [container] = pod?.containers ?? []
    if (!pod || !container) throw new Error('there is no such pod')
    const maps = container.envFrom.map((from) => from.configMapRef.name)
    expect(maps).toEqual([name === 'sandbox' ? 'aether-sandbox' : 'aether'])
    const told = Object.assign(
      {},
      ...of('ConfigMap')
        .filter((map) => maps.includes(map.metadata.name))
        .map((map) => map.data),
    )
    const given = Object.fromEntries(
      container.env.map((each) => [each.name, each.value ?? 'a-secret-of-16-characters']),
    )
    const secrets = Object.entries(given).flatMap(([key]) => key)
    if (name === 'sandbox') expect(secrets).toEqual(['SERVICE_SECRET'])
    else expect(secrets).toContain('SERVICE_SECRET')
    const { HA_TOKEN: _, ...env } = { ...told, ...given }
    if ('DATABASE_URL' in env) env.DATABASE_URL = 'postgres://u:p@postgres:5432/aether'
    expect(toConfig(env, '/nowhere')).toMatchObject({
      mode: 'distributed',
      service: name === 'sandbox' ? 'sandbox_runner' : name.replaceAll('-', '_'),
      host: '0.0.0.0',
      port: 8_000,
    })
    expect(pod.securityContext.runAsNonRoot).toBe(true)
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container.resources.limits.memory).toBeTruthy()
  })
})
