import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './shared/storage/schema.ts',
  out: './shared/storage/migrations',
  casing: 'snake_case',
})
