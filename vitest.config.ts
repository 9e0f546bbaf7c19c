import { defineConfig } from 'vitest/config'

// Unit files share one module graph (isolate: false): a fresh graph for each file costs ten times the tests themselves.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          // Peers of the bench have their packages beside them.
          exclude: ['**/node_modules/**', 'test/**/*.{int,live}.test.ts'],
          pool: 'threads',
          isolate: false,
          // A busy machine makes a property test slow, not wrong.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.int.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'live',
          include: ['test/live/**/*.live.test.ts'],
          globalSetup: 'test/live/setup.ts',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
