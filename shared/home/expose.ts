import { AetherError } from '../errors/aether-error.ts'

/** What may be seen of a home. A thing is seen when any of the rules lets it be. */
export interface ExposeRules {
  /** Everything that is exposed to Home Assistant's Assist. */
  readonly assist: boolean
  /** Entity or statistic ids; `*` stands for any part of one. */
  readonly ids: readonly RegExp[]
  /** Names or ids of areas, in lower case. */
  readonly areas: readonly string[]
  /** Kinds of entities, such as `light`. */
  readonly kinds: readonly string[]
}

/**
 * Reads HA_EXPOSE: a list of `assist`, `area:NAME`, `kind:DOMAIN`, and ids of entities or statistics, in which `*` stands
 * for any text. Throws INVALID_INPUT.
 *
 * @example parseExpose(['assist', 'area:Kitchen', 'kind:light', 'sensor.*_energy'])
 */
export function parseExpose(items: readonly string[]): ExposeRules {
  const ids: RegExp[] = []
  const areas: string[] = []
  const kinds: string[] = []
  let assist = false
  for (const [i, item] of items.entries()) {
    const text = item.trim().toLowerCase()
    if (text === 'assist') assist = true
    else if (/^area:.+/.test(text)) areas.push(text.slice('area:'.length).trim())
    else if (/^kind:[a-z_]+$/.test(text)) kinds.push(text.slice('kind:'.length))
    else if (/^[a-z0-9_*]+[.:][a-z0-9_*]+$/.test(text)) ids.push(toPattern(text))
    else
      throw new AetherError(
        'INVALID_INPUT',
        `Part ${i + 1} must be assist, area:NAME, kind:DOMAIN, or the id of an entity or statistic.`,
      )
  }
  return { assist, ids, areas, kinds }
}

function toPattern(text: string): RegExp {
  return new RegExp(`^${text.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')}$`)
}
