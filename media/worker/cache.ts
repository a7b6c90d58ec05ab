/** Binaries that were got or built before, outside node_modules, where `npm ci` does not wipe them. */
import { createHash, randomUUID } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Whoever builds says so at this interval; a lock that was not heard of for longer is its dead owner's. */
const HEARTBEAT_MS = 5_000;
const DEAD_AFTER_MS = 30_000;
const LOOKS_AGAIN_MS = 500;

/** What decides what a binary is: mediasoup's release, the recipe, and the machine's libraries. */
export async function cacheKey(version: string): Promise<string> {
  return [version, await recipeHash(), await distribution(), process.arch].join('-');
}

/** Of the recipe and everything in compat/, by name and content. */
async function recipeHash(): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const compat = await readdir(join(here, 'compat'), { recursive: true, withFileTypes: true });
  const files = compat.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [join(here, 'recipe.ts'), ...files.sort()]) {
    hash
      .update(file.slice(here.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}

/** Such as debian12 or ubuntu24.04; elsewhere than on Linux, the system and its major release. */
async function distribution(): Promise<string> {
  const told = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)`, 'm').exec(told)?.[1] ?? '';
  return `${field('ID')}${field('VERSION_ID')}` || `${process.platform}${release().split('.')[0]}`;
}

/** Puts a copy at `target` in one step: whoever looks sees the old file or the whole new one. */
export async function place(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const beside = `${target}.${randomUUID()}`;
  try {
    await copyFile(source, beside);
    await chmod(beside, 0o755);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}

/**
 * Does the work while nobody else on this folder does. This saves the work twice, no more: two who
 * do it all the same each `place` a whole file.
 * @param waits told once, when somebody else is at it
 */
export async function alone<T>(lock: string, waits: () => void, work: () => Promise<T>): Promise<T> {
  for (let told = false; !(await take(lock));) {
    if (!told) waits();
    told = true;
    await sleep(LOOKS_AGAIN_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(lock, { recursive: true, force: true });
  }
}

/** A folder is made by one alone, on every file system. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > DEAD_AFTER_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}
