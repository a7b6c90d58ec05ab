import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const postgres = './test/support/postgres.setup.ts';
const web = './test/support/web.setup.ts';
const files = (...globs: string[]) => globs.map((glob) => `test/${glob}.test.{ts,tsx}`);

const database = files('**/*.db');
const contract = files('contract/**/*');
const browser = files('**/*.e2e', 'claims/**/*');
/** Those that need a mediasoup worker. */
const media = files('**/*.media');
const sip = files('contract/drachtio/**/*', 'sip/strangers/**/*');

/**
 * How long something may take before it counts as not coming, in milliseconds: what is waited for comes as soon as it
 * comes, so this is only a failure's patience, and a starved machine is no failure. `expect.poll` gives up first, to say
 * what it saw last.
 */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    ...patience,
    // By itself vitest leaves one core idle, which is half of two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: files('**/*'),
          exclude: [...database, ...contract, ...browser, ...sip, ...media],
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: contract,
          exclude: [...browser, ...sip],
          globalSetup: [postgres],
        },
      },
      {
        extends: true,
        // One file at a time: a drachtio server hands its calls to all applications in turn, and other tests' are others.
        test: { name: 'sip', include: sip, fileParallelism: false },
      },
      {
        extends: true,
        // One at a time: sound and picture pass in real time, and workers by the core are at work beside the tests.
        test: { name: 'media', include: media, fileParallelism: false },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: database,
          exclude: [...contract, ...browser],
          globalSetup: [postgres],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          globalSetup: [postgres, web],
          // One browser and one service at a time: two cores, and stories that count seconds.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
