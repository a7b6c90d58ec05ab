/** Gets a worker that runs on this machine, by the shortest way there is. */
import { access, constants, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { installedPath, packageFolder, runs } from './binary.ts';
import { buildWorker } from './build.ts';
import { alone, cacheKey, place } from './cache.ts';
import { downloadWorker } from './prebuilt.ts';
import { proveWorker, type Proof } from './proof.ts';
import { provideRequirements } from './requirements.ts';

/** What could not be tried may work. */
type Working = Exclude<Proof, { result: 'failed' }>;

/** How it came about, and that it works where that could be tried; or in one sentence what is missing and what to do. */
export type Provided = { how: 'there' | 'cache' | 'download' | 'build'; proof: Working } | { missing: string };

export interface ProvideOptions {
  /** Kept from one installation to the next; one in node_modules is taken where this cannot be written. */
  cacheFolder: string;
  /** Of the mediasoup package; the installed one by default. */
  folder?: string;
  /** Builds from source, whatever is there or could be downloaded. */
  fromSource?: boolean;
  /** Tries whether a binary that starts works. */
  prove?: (path: string) => Promise<Proof>;
  /** Told what is being done, one sentence a line. */
  log: (message: string) => void;
}

/**
 * Looks where mediasoup's library looks, then in the cache, then at mediasoup's releases, and at
 * last builds from source. What was got is put where the library looks, and into the cache. Each is tried: one that does
 * not work is removed, and the next way is taken.
 */
export async function provideWorker(options: ProvideOptions): Promise<Provided> {
  try {
    return await provide(options);
  } catch (error) {
    return { missing: `There will be no sound and no picture. ${(error as Error).message}` };
  }
}

async function provide(options: ProvideOptions): Promise<Provided> {
  const { cacheFolder, folder = packageFolder(), fromSource = false, prove = proveWorker, log } = options;
  const installed = installedPath(folder);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  const key = await cacheKey(version);
  // Beside the binary stands what it was made for; one without is mediasoup's own, which its own script put there.
  const note = `${installed}.key`;
  const madeFor = await readFile(note, 'utf8').catch(() => key);
  /** What runs and fails its trial is removed: nobody is to take it for one that works. */
  const trial = async (path: string, where: string): Promise<Working | null> => {
    if (!(await runs(path))) return null;
    const proof = await prove(path);
    if (proof.result !== 'failed') return proof;
    log(`The media worker ${where} does not work, and is removed (${proof.why}).`);
    await rm(path);
    return null;
  };
  if (!fromSource && madeFor === key) {
    const proof = await trial(installed, 'that is there');
    if (proof !== null) return { how: 'there', proof };
  }

  const cache = join(await writable(cacheFolder, join(folder, '../.cache/couchline'), log), 'mediasoup-worker');
  const cached = join(cache, key, basename(installed));
  await mkdir(dirname(cached), { recursive: true });
  const waits = () => log('Another installation is getting the media worker; waiting for it.');
  const provided = await alone(`${dirname(cached)}.lock`, waits, async (): Promise<Provided> => {
    if (!fromSource) {
      const proof = await trial(cached, 'in the cache');
      if (proof !== null) return { how: 'cache', proof };
    }
    let refused = fromSource ? 'it was not asked for' : await downloadWorker(folder);
    if (refused === null) {
      const proof = await trial(installed, 'that was downloaded');
      if (proof !== null) {
        await place(installed, cached);
        return { how: 'download', proof };
      }
      refused = 'it does not work here';
    }
    log(`The media worker is built from source, which takes some minutes, once (no prebuilt one: ${refused}).`);
    const packages = await provideRequirements(log);
    if (packages.length > 0) {
      return {
        missing:
          `There will be no sound and no picture: the media worker cannot be downloaded (${refused}), and building it ` +
          `needs what is not here. Run "apt-get install ${packages.join(' ')}" (Debian's names), then "npm run worker".`,
      };
    }
    await buildWorker(folder, cached, log);
    const proof = await trial(cached, 'that was built');
    if (proof !== null) return { how: 'build', proof };
    return {
      missing:
        'There will be no sound and no picture: the media worker that was built does not work here. ' +
        'Mend what was told of it and run "npm run worker", or have MEDIASOUP_WORKER_BIN name one that works.',
    };
  });
  if ('missing' in provided) return provided;
  await place(cached, installed);
  await writeFile(note, key);
  return provided;
}

async function writable(wanted: string, other: string, log: (message: string) => void): Promise<string> {
  try {
    await mkdir(wanted, { recursive: true });
    await access(wanted, constants.W_OK);
    return wanted;
  } catch (error) {
    log(`${(error as Error).message}: the media worker is kept in ${other}, which the next "npm ci" wipes.`);
    return other;
  }
}
