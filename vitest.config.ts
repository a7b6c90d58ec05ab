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

export default defineConfig({
  test: {
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
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        // One file at a time: a drachtio server hands its calls to all applications in turn, and other tests' are others.
        test: { name: 'sip', include: sip, fileParallelism: false, testTimeout: 20_000, hookTimeout: 30_000 },
      },
      {
        extends: true,
        test: { name: 'media', include: media, testTimeout: 20_000, hookTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: database,
          exclude: [...contract, ...browser],
          globalSetup: [postgres],
          testTimeout: 20_000,
          hookTimeout: 30_000,
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
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
