import type { Ask } from './shell.ts'
import { CONTAINERS } from './stack.ts'

const LONGEST = 300

/** The last line that each of our containers has said which has begun and is not healthy, with its name before it. */
export function lastWords(engine: string, ask: Ask): readonly string[] {
  const listed = ask([engine, 'ps', '--all', '--format', '{{.Names}}\t{{.Status}}']).out.split('\n')
  return listed.flatMap((line) => {
    const [name = '', status = ''] = line.split('\t')
    if (
      !CONTAINERS.some((own) => own === name) ||
      status.startsWith('Created') ||
      status.includes('(healthy)')
    )
      return []
    const { out, err } = ask([engine, 'logs', '--tail', '1', name])
    const said = `${out}\n${err}`.trim().split('\n').at(-1)?.slice(0, LONGEST)
    return said ? [`${name}: ${said}`] : []
  })
}
