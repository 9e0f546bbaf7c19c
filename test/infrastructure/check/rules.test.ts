import { describe, expect, it } from 'vitest'
import { circlesIn, faultOf } from '../../../infrastructure/check/rules.ts'

const ours = (from: string, to: string) => ({ from, to, ours: true })
const pack = (from: string, to: string) => ({ from, to, ours: false })

describe('directions', () => {
  it.each([
    ours('functions/architect/agent.ts', 'shared/llm/port.ts'),
    ours('shared/llm/client.ts', 'shared/http/fetch.ts'),
    ours('shared/a2a/server.ts', 'shared/storage/db.ts'),
    ours('infrastructure/node/main.ts', 'functions/gateway/handler.ts'),
    ours('infrastructure/node/start.ts', 'shared/storage/read-migrations.node.ts'),
    ours('functions/gateway/worker.ts', 'functions/orchestrator/agent.ts'),
    pack('shared/storage/read-migrations.node.ts', 'node:fs'),
    pack('infrastructure/node/serve.ts', '@hono/node-server'),
  ])('$from may import $to', (each) => {
    expect(faultOf(each)).toBeNull()
  })

  it.each([
    [ours('shared/domain/event.ts', 'shared/errors/table.ts'), 'imports nothing of ours'],
    [ours('shared/analysis/metric.ts', 'shared/home/port.ts'), 'may not import shared/home'],
    [ours('shared/http/app.ts', 'functions/gateway/handler.ts'), 'may not import functions/'],
    [ours('functions/gateway/handler.ts', 'functions/orchestrator/agent.ts'), 'may not import another'],
    [ours('functions/gateway/handler.ts', 'infrastructure/node/serve.ts'), 'may not import infrastructure/'],
    [ours('infrastructure/node/main.ts', 'test/matrix.ts'), 'may not import test/'],
    [ours('functions/gateway/handler.ts', 'shared/storage/read-migrations.node.ts'), '*.node.ts'],
    [pack('shared/http/app.ts', 'node:crypto'), 'node:*'],
    [pack('functions/gateway/handler.ts', 'undici'), 'only in infrastructure/'],
  ])('%o is refused', (each, reason) => {
    expect(faultOf(each)).toContain(reason)
  })
})

describe('circles', () => {
  it('names the files around it', () => {
    const imports = [ours('a.ts', 'b.ts'), ours('b.ts', 'c.ts'), ours('c.ts', 'a.ts'), ours('d.ts', 'a.ts')]
    expect(circlesIn(imports)).toEqual([['a.ts', 'b.ts', 'c.ts', 'a.ts']])
  })
  it('sees none in a tree, and packages are no part of one', () => {
    expect(
      circlesIn([ours('a.ts', 'b.ts'), ours('a.ts', 'c.ts'), ours('b.ts', 'c.ts'), pack('c.ts', 'a.ts')]),
    ).toEqual([])
  })
})
