// The one list of all tables, for drizzle-kit alone: code imports a table from its own file.
export * from './schema/a2a-tasks.ts'
export * from './schema/analyses.ts'
export * from './schema/api-keys.ts'
export * from './schema/catalogue.ts'
export * from './schema/conversations.ts'
export * from './schema/runs.ts'
export * from './schema/usage.ts'
