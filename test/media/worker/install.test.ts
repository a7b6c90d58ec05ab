/** What `npm install` does about the worker, but for the minutes of a whole build. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { packageFolder, runs } from '../../../media/worker/binary.ts';
import { applyPatch, checkVersion } from '../../../media/worker/build.ts';
import { alone, cacheKey, place } from '../../../media/worker/cache.ts';
import { findWorker } from '../../../media/worker/findWorker.ts';
import { PATCHES, RECIPE_FOR, SUBPROJECTS } from '../../../media/worker/recipe.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couchline-worker-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function program(name: string, code: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nexit ${code}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the recipe', () => {
  test('is for the mediasoup that is installed', async () => {
    const { version } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(version).toBe(RECIPE_FOR);
    expect(() => checkVersion(version)).not.toThrow();
  });

  test.for(PATCHES)('finds in $file, once, what it changes', async (patch) => {
    const text = await readFile(join(packageFolder(), 'worker', patch.file), 'utf8');
    const patched = applyPatch(text, patch);
    expect(patched).toContain(patch.to);
    expect(patched).not.toContain(patch.from);
  });

  test.for(SUBPROJECTS)('%s is fetched by mediasoup still, and has a stand-in', async (name) => {
    const wrap = await readFile(join(packageFolder(), `worker/subprojects/${name}.wrap`), 'utf8');
    expect(wrap).toMatch(/^directory *= *\S+$/m);
    const standIn = new URL(`../../../media/worker/compat/${name}/meson.build`, import.meta.url);
    expect(await readFile(standIn, 'utf8')).toContain('project(');
  });

  test('stops, and says where to look, when mediasoup is another or changed under it', () => {
    expect(() => checkVersion('3.28.0')).toThrow(/mediasoup is 3\.28\.0.*written for 3\.27\.1/);
    const patch = { file: 'src/A.cpp', from: 'old', to: 'new', why: 'It crashed.' };
    expect(() => applyPatch('something else', patch)).toThrow(/"old" stands 0 times in worker\/src\/A\.cpp.*crashed/);
    expect(() => applyPatch('old and old', patch)).toThrow(/"old" stands 2 times/);
  });
});

test('npm 10, which knows no allowScripts, leaves mediasoup’s own script alone: the lockfile does not tell of it', async () => {
  // Where the open internet is out of reach that script fails after minutes, and the whole installation with it.
  const lockfile = await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8');
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, { hasInstallScript?: boolean }> };
  expect(packages['node_modules/mediasoup']).toBeDefined();
  expect(packages['node_modules/mediasoup']).not.toHaveProperty('hasInstallScript');
  expect(packages['node_modules/node']).toHaveProperty('hasInstallScript', true);
});

describe('whether a binary runs here', () => {
  test('is told by its own exit code, and by nothing else', async () => {
    const broken = join(folder, 'broken');
    await writeFile(broken, 'no program', { mode: 0o755 });
    const binaries = [await program('good', 41), await program('bad', 0), broken, join(folder, 'none')];
    expect(await Promise.all(binaries.map(runs))).toEqual([true, false, false, false]);
  });

  test('one that is set is taken; else one sentence says what is missing and what to do', async () => {
    const good = await program('good', 41);
    expect(await findWorker(good)).toEqual({ path: good, source: 'setting' });
    const none = join(folder, 'none');
    expect(await findWorker(none)).toEqual({
      missing: expect.stringContaining(`${none} is not there. Correct MEDIASOUP_WORKER_BIN`) as string,
    });
    expect(await findWorker(await program('bad', 127))).toEqual({
      missing: expect.stringContaining('does not run on this machine') as string,
    });
  });
});

describe('the cache', () => {
  test('has a place for each release, recipe, distribution and processor', async () => {
    const key = await cacheKey('3.27.1');
    expect(key).toMatch(new RegExp(`^3\\.27\\.1-[0-9a-f]{12}-[a-z]+[\\d.]*-${process.arch}$`));
    expect(await cacheKey('3.27.1')).toBe(key);
    expect(await cacheKey('3.28.0')).not.toBe(key);
  });

  test('whoever looks while ten put a binary there sees a whole one, and nothing is left beside it', async () => {
    const source = join(folder, 'worker');
    const binary = Buffer.alloc(3_000_000, 'worker');
    await writeFile(source, binary);
    const target = join(folder, 'cache/key/worker');
    await place(source, target);
    const placing = Promise.all(Array.from({ length: 10 }, () => place(source, target)));
    const seen = await Promise.all(Array.from({ length: 10 }, () => readFile(target)));
    await placing;
    expect(seen.every((bytes) => bytes.equals(binary))).toBe(true);
    expect(await readdir(join(folder, 'cache/key'))).toEqual(['worker']);
    expect((await stat(target)).mode & 0o777).toBe(0o755);
  });

  test('one at a time does the work, the others wait their turn and are told so', async () => {
    const lock = join(folder, 'lock');
    const turns: string[] = [];
    let waiting = 0;
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const works = [
      alone(
        lock,
        () => waiting++,
        async () => {
          turns.push('first begins');
          second.resolve();
          await first.promise;
          turns.push('first ends');
        },
      ),
    ];
    await second.promise;
    works.push(
      alone(
        lock,
        () => {
          waiting++;
          first.resolve();
        },
        async () => void turns.push('second'),
      ),
    );
    await Promise.all(works);
    expect(turns).toEqual(['first begins', 'first ends', 'second']);
    expect(waiting).toBe(1);
  });

  test('a lock whose owner died is not waited for', async () => {
    const lock = join(folder, 'lock');
    await mkdir(lock);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(
      await alone(
        lock,
        () => {},
        async () => 'done',
      ),
    ).toBe('done');
  });

  test('a lock is given back by work that did not succeed', async () => {
    const lock = join(folder, 'lock');
    const work = async () => {
      throw new Error('no compiler');
    };
    await expect(alone(lock, () => {}, work)).rejects.toThrow('no compiler');
    expect(
      await alone(
        lock,
        () => {},
        async () => 'done',
      ),
    ).toBe('done');
  });
});
