import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One project for each kind of suite; `npx vitest run --project unit test/unit/ledger` runs a part of one. */
const project = (name, include, options) => ({
  test: { name, include, environment: 'node', setupFiles: ['test/setup/no-outside.ts'], ...options },
});

export default defineConfig({
  test: {
    // A suite that lost its tests must not look green.
    passWithNoTests: false,
    // Half of what they run waits for processes: one more than there are cores. By itself vitest would take one less.
    maxWorkers: availableParallelism() + 1,
    projects: [
      project('unit', ['test/unit/**/*.test.ts'], { testTimeout: 30_000 }),
      project('integration', ['test/integration/**/*.test.ts'], { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('crash', ['test/crash/**/*.test.ts'], { testTimeout: 600_000, hookTimeout: 60_000 }),
      project('browser', ['test/e2e/browser/**/*.test.ts'], {
        testTimeout: 120_000,
        hookTimeout: 120_000,
        // Each has a VS Code server and a browser of its own.
        maxWorkers: 2,
      }),
    ],
  },
});
