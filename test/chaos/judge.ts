import type { Asked } from './client.ts'
import { tagIn } from './model.ts'
import { until } from './until.ts'
import type { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** Errors that a turn may end with when something of ours was killed: typed, and worth another try. */
const TYPED = new Set([
  'agent_unavailable',
  'interrupted',
  'llm_unavailable',
  'server_shutdown',
  'storage_unavailable',
])
const LEASE_S = 15
const POLL_MS = 250

interface RunSeen {
  readonly id: string
  readonly state: string
  readonly answer: string | null
  readonly error: { readonly code: string } | null
  readonly attempts: number
  readonly question: string | null
  readonly replies: number
  readonly analyses: number
  readonly events: number
  readonly lastSeq: number
  readonly ends: number
}

async function isQuiet({ sql }: World): Promise<boolean> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from runs where state in ('queued', 'running', 'interrupted')`
  return row?.n === 0
}

/**
 * Holds what clients saw, what Postgres keeps and what the model was asked against the promises of
 * docs/reliability.md: nothing accepted is lost, every turn has exactly one end, each effect is there once, finished
 * steps are not repeated.
 */
export async function judge(world: World): Promise<Verdict> {
  const violations: string[] = []
  const wrong = (text: string) => void violations.push(text)
  if (!(await until(() => isQuiet(world), { ms: 60_000, everyMs: POLL_MS })))
    wrong('runs are still open after a minute')
  const runs = await readRuns(world)
  const figures = new Set<string>()
  for (const run of runs) {
    const name = `${run.id} (${tagOf(run)})`
    if (run.state === 'completed') figures.add(/[\d,.]+ kWh/.exec(run.answer ?? '')?.[0] ?? 'none')
    else if (run.state !== 'failed' || !TYPED.has(run.error?.code ?? ''))
      wrong(`${name} ended as ${run.state} ${run.error?.code ?? ''}`)
    if (run.question === null) wrong(`${name} has lost its question`)
    if (run.replies !== (run.state === 'completed' ? 1 : 0)) wrong(`${name} has ${run.replies} answers`)
    if (run.analyses > 1) wrong(`${name} has ${run.analyses} analyses`)
    if (run.ends !== 1) wrong(`${name} has ${run.ends} ends`)
    if (run.events !== run.lastSeq) wrong(`${name} has ${run.events} events up to ${run.lastSeq}`)
  }
  if (figures.has('none') || figures.size > 1) wrong(`answers differ: ${[...figures].join(', ')}`)
  checkClients(world.asked, runs, wrong)
  await checkCalls(world, runs, wrong)
  await checkTasks(world, wrong)
  await checkFindings(world, wrong)
  const count = (state: string) => runs.filter((run) => run.state === state).length
  return {
    violations,
    runs: runs.length,
    completed: count('completed'),
    failed: count('failed'),
    resumed: runs.reduce((sum, run) => sum + Math.max(0, run.attempts - 1), 0),
  }
}

async function readRuns({ sql, since }: World): Promise<readonly RunSeen[]> {
  return sql<RunSeen[]>`
    select r.id, r.state, r.answer, r.error, r.attempts,
      (select m.content from messages m where m.run_id = r.id and m.role = 'user' order by m.position desc limit 1) as question,
      (select count(*)::int from messages m where m.run_id = r.id and m.role = 'assistant') as replies,
      (select count(*)::int from analyses a where a.run_id = r.id) as analyses,
      (select count(*)::int from run_events e where e.run_id = r.id) as events,
      (select max(e.seq)::int from run_events e where e.run_id = r.id) as "lastSeq",
      (select count(*)::int from run_events e where e.run_id = r.id and e.event ->> 'kind' in ('result', 'error')) as ends
    from runs r where r.created_at >= ${since}`
}

/** Nobody was told more than what is stored, and nobody's accepted question is missing. */
function checkClients(
  asked: readonly Asked[],
  runs: readonly RunSeen[],
  wrong: (text: string) => void,
): void {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const idOf = new Map<string, string>()
  for (const one of asked) {
    if (one.runId === null) continue
    const run = byId.get(one.runId)
    if (!run) {
      wrong(`${one.tag} was accepted as ${one.runId}, which is gone`)
      continue
    }
    const before = idOf.get(one.tag)
    if (before !== undefined && before !== one.runId && byId.get(before)?.state !== 'failed')
      wrong(`${one.tag} is two runs, ${before} and ${one.runId}`)
    idOf.set(one.tag, one.runId)
    if (tagOf(run) !== one.tag) wrong(`${one.tag} is kept as another question`)
    if (one.done && one.error === null && !one.text.endsWith(run.answer?.trim() ?? '?'))
      wrong(`${one.tag} was answered otherwise than stored`)
    if (!one.done && one.error !== null) wrong(`${one.tag} got an error without the end marker`)
  }
}

/**
 * A call that was finished is not made again: each further try of the run, and each agent that was asked again because its
 * process had died, may repeat the one that was under way.
 */
async function checkCalls(
  { sql, model, whole }: World,
  runs: readonly RunSeen[],
  wrong: (text: string) => void,
): Promise<void> {
  const restarts = await sql<{ runId: string; n: number }[]>`
    select split_part(m.message ->> 'messageId', '.', 1) as "runId",
      (count(*) - count(distinct m.service || (m.message ->> 'messageId')))::int as n
    from a2a_messages m where m.message ->> 'messageId' like 'run_%' group by 1`
  const restartsOf = new Map(restarts.map(({ runId, n }) => [runId, n]))
  const runsOf = Map.groupBy(runs, tagOf)
  for (const [tag, made] of Map.groupBy(model.calls, (call) => call.tag)) {
    // A script is asked for without the question.
    if (tag === '') continue
    const own = runsOf.get(tag) ?? []
    const most = own.reduce(
      (sum, run) => sum + whole + Math.max(0, run.attempts - 1) + (restartsOf.get(run.id) ?? 0),
      0,
    )
    const jobs = made.map((call) => call.job).join(', ')
    if (made.length > most) wrong(`${tag} asked the model ${made.length} times instead of ${most}: ${jobs}`)
  }
}

function tagOf(run: RunSeen): string {
  return tagIn(run.question ?? '') ?? ''
}

/** No task says that it is at work when nobody works on it. */
async function checkTasks({ sql }: World, wrong: (text: string) => void): Promise<void> {
  const rows = await sql<{ id: string; service: string }[]>`
    select id, service from a2a_tasks
    where ended_at is null and holder is not null and lease_until < now() - make_interval(secs => ${LEASE_S})`
  for (const { id, service } of rows) wrong(`task ${id} of ${service} is at work without a process`)
}

/** Within an analysis nothing was found twice by one try. */
async function checkFindings({ sql }: World, wrong: (text: string) => void): Promise<void> {
  const rows = await sql<{ analysisId: string; statement: string; n: number }[]>`
    select analysis_id as "analysisId", statement, count(*)::int as n from findings
    group by analysis_id, attempt, analyst, statement having count(*) > 1`
  for (const { analysisId, statement, n } of rows) wrong(`${analysisId} found ${n} times: ${statement}`)
}
