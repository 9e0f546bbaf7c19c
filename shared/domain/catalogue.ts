/** What to look for among the entities of a home; an empty text does not limit. */
export interface CatalogueQuery {
  /** Words of names, rooms or kinds, possibly misspelt. */
  readonly query: string
  /** Words of an area's name. */
  readonly area: string
  readonly domain: string
  readonly deviceClass: string
  readonly limit: number
}

export interface CatalogueEntry {
  readonly id: string
  readonly name: string
  /** Name of the entity's area, or of its device's. */
  readonly area: string | null
  readonly domain: string
  readonly deviceClass: string | null
  readonly unit: string | null
}

export interface CatalogueResult {
  readonly found: readonly CatalogueEntry[]
  /** How many match in all. */
  readonly total: number
  /** False where words were taken for others, or not all of them match. */
  readonly exact: boolean
}

/** Finds entities of a home; disabled ones are left out. */
export interface Catalogue {
  search(query: CatalogueQuery, signal: AbortSignal): Promise<CatalogueResult>
}
