import { desc, eq, inArray } from 'drizzle-orm'
import { readEnvWithSecrets } from '../../infrastructure/node/bootstrap/dotenv.ts'
import { findRoot } from '../../infrastructure/node/bootstrap/root.ts'
import { openStorage } from '../../infrastructure/node/bootstrap/storage.ts'
import { toConfig } from '../../infrastructure/node/config.ts'
import { loadAnalyses } from '../../shared/storage/analyses/load-analyses.ts'
import type { Db } from '../../shared/storage/db.ts'
import { analyses } from '../../shared/storage/schema/analyses.ts'
import { messages } from '../../shared/storage/schema/conversations.ts'
import { runEvents, runs } from '../../shared/storage/schema/runs.ts'
import { type Sample, toDelegations } from './sample.ts'

/** The newest answered runs of the installation in this folder, as samples; nothing is asked again. */
export async function storedSamples(limit: number): Promise<Sample[]> {
  const root = findRoot()
  const config = toConfig(await readEnvWithSecrets(root, process.env), root)
  const storage = await openStorage(config, { exclusive: false })
  try {
    return await readSamples(storage.db, limit)
  } finally {
    await storage.close()
  }
}

/** The newest answered runs of a database, oldest first. */
export async function readSamples(db: Db, limit: number): Promise<Sample[]> {
  const rows = await db
    .select()
    .from(runs)
    .where(eq(runs.state, 'completed'))
    .orderBy(desc(runs.createdAt))
    .limit(limit)
  const samples: Sample[] = []
  for (const run of rows.reverse()) {
    const events = await db.select().from(runEvents).where(eq(runEvents.runId, run.id)).orderBy(runEvents.seq)
    const [asked] = await db
      .select({ content: messages.content })
      .from(messages)
      .where(eq(messages.runId, run.id))
      .limit(1)
    samples.push({
      name: run.id,
      question: asked?.content ?? '',
      answer: run.answer ?? '',
      state: run.state,
      delegations: toDelegations(events.map((row) => row.event as { kind: string })),
      analyses:
        run.analysisIds.length === 0
          ? []
          : await loadAnalyses(db, inArray(analyses.id, [...run.analysisIds])),
      seconds: ((run.endedAt ?? run.createdAt).getTime() - run.createdAt.getTime()) / 1_000,
      tokens: run.totalTokens,
    })
  }
  return samples
}
