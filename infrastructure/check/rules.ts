import type { Import } from './imports.ts'

/** What a library under shared/ may use beside domain, errors, config and itself. */
const EXTRA: Readonly<Record<string, readonly string[]>> = {
  a2a: ['http', 'storage'],
  llm: ['http'],
  home: ['http'],
  sandbox: ['http'],
  steps: ['http', 'llm', 'a2a', 'storage'],
  // It wraps their ports: it stands above them, and they know nothing of it.
  tracing: ['http', 'home', 'llm', 'sandbox'],
  worker: ['a2a', 'home', 'http', 'llm', 'sandbox', 'storage', 'tracing'],
  domain: [],
  errors: [],
  config: [],
}
/** The orchestrator is deployed with the gateway, so the gateway's worker mounts it. */
const EXCEPTIONS = [['functions/gateway/worker.ts', 'functions/orchestrator/']] as const

/** Why an import is not allowed, or null. The rules are those of docs/architecture.md. */
export function faultOf({ from, to, ours }: Import): string | null {
  if (!ours) return packageFault(from, to)
  const [room = '', part = ''] = from.split('/')
  const [toRoom = '', toPart = ''] = to.split('/')
  if (to.endsWith('.node.ts') && isPortable(from))
    return 'only infrastructure/ and other *.node.ts files may import a *.node.ts'
  if (EXCEPTIONS.some(([file, folder]) => from === file && to.startsWith(folder))) return null
  switch (room) {
    case 'shared':
      return toRoom === 'shared' ? sharedFault(part, toPart) : `shared/ may not import ${toRoom}/`
    case 'functions':
      if (toRoom === 'shared' || (toRoom === 'functions' && part === toPart)) return null
      return toRoom === 'functions'
        ? 'a function may not import another: they meet through shared/a2a'
        : `functions/ may not import ${toRoom}/`
    case 'infrastructure':
      return toRoom === 'test' ? 'infrastructure/ may not import test/' : null
    default:
      return null
  }
}

function sharedFault(part: string, toPart: string): string | null {
  if (part === toPart) return null
  if (part === 'domain' || part === 'errors') return `shared/${part} imports nothing of ours`
  const base = part === 'config' ? ['domain', 'errors'] : ['domain', 'errors', 'config']
  if (base.includes(toPart) || EXTRA[part]?.includes(toPart)) return null
  return `shared/${part} may not import shared/${toPart}`
}

function packageFault(from: string, to: string): string | null {
  if (!isPortable(from)) return null
  if (to.startsWith('node:')) return 'node:* only in *.node.ts and infrastructure/'
  if (/^(undici|@hono\/node-server)(\/|$)/.test(to)) return `${to} only in infrastructure/`
  return null
}

/** Sources that run on every platform. */
function isPortable(file: string): boolean {
  return /^(shared|functions)\//.test(file) && !file.endsWith('.node.ts')
}

/** Circles among our files, each as the path around it; type-only imports count. */
export function circlesIn(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to, ours } of imports) if (ours) next.set(from, [...(next.get(from) ?? []), to])
  const circles: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string) => {
    const at = path.indexOf(file)
    if (at !== -1) return void circles.push([...path.slice(at), file])
    if (done.has(file)) return
    path.push(file)
    for (const to of next.get(file) ?? []) visit(to)
    path.pop()
    done.add(file)
  }
  for (const file of next.keys()) visit(file)
  return circles
}
