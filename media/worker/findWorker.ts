/** The worker's binary as the service looks for it at its start. */
import { existsSync } from 'node:fs';
import { installedPath, packageFolder, runs } from './binary.ts';

/** A binary that runs here, or one sentence that says what is missing and what to do. */
export type FoundWorker = { path: string; source: 'setting' | 'package' } | { missing: string };

/**
 * Looks for a worker that runs on this machine.
 * @param setting the path of another binary than the installed one; it alone is looked at when given
 */
export async function findWorker(setting: string | null = null): Promise<FoundWorker> {
  const path = setting ?? installedPath(packageFolder());
  if (await runs(path)) return { path, source: setting === null ? 'package' : 'setting' };
  const what = existsSync(path) ? `does not run on this machine` : `is not there`;
  return {
    missing:
      setting === null
        ? `There is no sound and no picture: the media worker ${what}. Run "npm run worker", which says what it needs.`
        : `There is no sound and no picture: the media worker ${path} ${what}. ` +
          `Correct MEDIASOUP_WORKER_BIN, or leave it out to take the installed one.`,
  };
}
