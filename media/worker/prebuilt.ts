/** The worker as mediasoup's makers build it, from their releases on GitHub. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPath, runs } from './binary.ts';
import { run } from './run.ts';

/** A few megabytes; on a network that swallows everything nobody waits longer than this. */
const WITHIN_MS = 90_000;

/** What its script says of a download that did not come about: the last part tells. */
const REASON = /\| (?:.*(?:reason|binary): )?(\S.*)$/;

/**
 * Has mediasoup's own script download the binary to `installedPath`, in place of what is there.
 * @returns null when it is there and runs, else why not, in one line
 */
export async function downloadWorker(packageFolder: string): Promise<string | null> {
  const target = installedPath(packageFolder);
  await rm(target, { force: true });
  const { lines } = await run(process.execPath, [join(packageFolder, 'npm-scripts.mjs'), 'postinstall'], {
    cwd: packageFolder,
    timeoutMs: WITHIN_MS,
    // What it does when there is nothing to download is to fetch tools and build; without a Python it stops there.
    env: { PYTHON: 'no-python', MEDIASOUP_WORKER_BIN: undefined },
  });
  if (await runs(target)) return null;
  const told = lines.map((line) => REASON.exec(line)?.[1]);
  return told.find((reason) => reason !== undefined) ?? 'it could not be downloaded in time';
}
