/**
 * The ways to a worker, on a copy of what the recipe touches of mediasoup's package. Its download
 * script and the compiler's programs are stand-ins, for a real build takes minutes.
 */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { installedPath, packageFolder, runs } from '../../../media/worker/binary.ts';
import type { Proof } from '../../../media/worker/proof.ts';
import { provideWorker, type ProvideOptions } from '../../../media/worker/provideWorker.ts';
import { PATCHES, REQUIREMENTS } from '../../../media/worker/recipe.ts';

// A dozen programs are started one after the other.
vi.setConfig({ testTimeout: 20_000 });

/** Exits as a worker does that was started without its environment. */
const WORKER = '#!/bin/sh\nexit 41\n';

const NO_NETWORK = `console.error('x | failed to download: FetchError: request failed, reason: getaddrinfo ENOTFOUND');`;
const DOWNLOADS = `
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync('worker/out/Release', { recursive: true });
  writeFileSync('worker/out/Release/mediasoup-worker', ${JSON.stringify(WORKER)}, { mode: 0o755 });`;

let folder: string;
let mediasoup: string;
let cacheFolder: string;
let bin: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couchline-provide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  mediasoup = join(folder, 'node_modules/mediasoup');
  cacheFolder = join(folder, 'cache');
  bin = join(folder, 'bin');
  said = [];
  const parts = ['package.json', 'worker/subprojects', ...PATCHES.map(({ file }) => `worker/${file}`)];
  for (const part of parts) await cp(join(packageFolder(), part), join(mediasoup, part), { recursive: true });
  await mkdir(bin);
  await symlink('/bin/sh', join(bin, 'sh'));
  vi.stubEnv('PATH', bin);
  onTestFinished(() => void vi.unstubAllEnvs());
});

const download = (script: string) => writeFile(join(mediasoup, 'npm-scripts.mjs'), script);
const proof = { result: 'proven' as const };
/** The trial itself is that of proof.media.test.ts. */
const provide = (options: Partial<ProvideOptions> = {}) =>
  provideWorker({
    folder: mediasoup,
    cacheFolder,
    log: (line) => said.push(line),
    prove: () => Promise.resolve(proof),
    ...options,
  });

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  await chmod(join(bin, name), 0o755);
}

/** All that the build needs; ninja keeps a tally and says how far it is. */
async function compiler(ninja = ''): Promise<void> {
  for (const name of ['g++', 'pkg-config', 'flatc', 'strip']) await program(name, 'exit 0');
  await program('meson', 'grep -q "BIO_CB_RETURN) != 0" src/RTC/DtlsTransport.cpp && ls subprojects/*/meson.build');
  await program(
    'ninja',
    `${ninja}\necho build >> ${folder}/tally\necho "[1/2] Compiling"\nmkdir -p build\n` +
      `printf '#!/bin/sh\\nexit 41\\n' > build/mediasoup-worker\nchmod 755 build/mediasoup-worker\necho "[2/2] Linking"`,
  );
}
const builds = async () => (await readFile(join(folder, 'tally'), 'utf8')).trim().split('\n').length;

test('where it can be downloaded it is; again it is there; after npm ci it comes from the cache', async () => {
  await download(DOWNLOADS);
  expect(await provide()).toEqual({ how: 'download', proof });
  expect(await provide()).toEqual({ how: 'there', proof });
  await download(NO_NETWORK);
  await rm(dirname(installedPath(mediasoup)), { recursive: true });
  expect(await provide()).toEqual({ how: 'cache', proof });
  expect(await runs(installedPath(mediasoup))).toBe(true);
});

test('where it cannot, it is built from the patched source, with progress, and cached', async () => {
  await download(NO_NETWORK);
  await compiler();
  expect(await provide()).toEqual({ how: 'build', proof });
  expect(said[0]).toMatch(/built from source.*getaddrinfo ENOTFOUND/);
  expect(said.slice(1)).toEqual([
    expect.stringMatching(/^Building the media worker: 50 % after [\d.]+ min\.$/),
    expect.stringMatching(/^Building the media worker: 100 % after [\d.]+ min\.$/),
  ]);
  await rm(dirname(installedPath(mediasoup)), { recursive: true });
  expect(await provide()).toEqual({ how: 'cache', proof });
  expect(await builds()).toBe(1);
});

test('three installations at once build once', async () => {
  await download(NO_NETWORK);
  await compiler();
  const provided = await Promise.all([provide(), provide(), provide()]);
  expect(provided.map((one) => ('how' in one ? one.how : one.missing)).sort()).toEqual(['build', 'cache', 'cache']);
  expect(await builds()).toBe(1);
});

test('without network and compiler one sentence names the Debian packages and the next step', async () => {
  await download(NO_NETWORK);
  const packages = REQUIREMENTS.map(({ debian }) => debian).join(' ');
  expect(await provide()).toEqual({
    missing:
      'There will be no sound and no picture: the media worker cannot be downloaded (getaddrinfo ENOTFOUND), and ' +
      `building it needs what is not here. Run "apt-get install ${packages}" (Debian's names), then "npm run worker".`,
  });
  expect(await runs(installedPath(mediasoup))).toBe(false);
});

test('a build that stops is told with its last words, and the next installation tries again', async () => {
  await download(NO_NETWORK);
  await compiler('echo "no space left" && exit 1');
  expect(await provide()).toEqual({
    missing: expect.stringMatching(/no sound and no picture.*ninja ended with 1.*no space left/s) as string,
  });
  await compiler();
  expect(await provide()).toEqual({ how: 'build', proof });
});

test('a mediasoup of another release is not built by this recipe', async () => {
  await download(NO_NETWORK);
  await compiler();
  await writeFile(join(mediasoup, 'package.json'), '{"version":"3.28.0"}');
  expect(await provide()).toEqual({ missing: expect.stringContaining('written for 3.27.1') as string });
});

test('a binary of an older recipe is replaced', async () => {
  await download(DOWNLOADS);
  await provide();
  await writeFile(`${installedPath(mediasoup)}.key`, '3.27.1-older');
  expect(await provide()).toEqual({ how: 'cache', proof });
  expect(await provide()).toEqual({ how: 'there', proof });
});

test('one in the cache that does not run here any more is got anew', async () => {
  await download(DOWNLOADS);
  await provide();
  const key = await readFile(`${installedPath(mediasoup)}.key`, 'utf8');
  await writeFile(join(cacheFolder, 'mediasoup-worker', key, 'mediasoup-worker'), 'torn');
  await rm(dirname(installedPath(mediasoup)), { recursive: true });
  expect(await provide()).toEqual({ how: 'download', proof });
});

test('from source means from source, and what mediasoup itself installed is otherwise left alone', async () => {
  await download(DOWNLOADS);
  await compiler();
  await mkdir(dirname(installedPath(mediasoup)), { recursive: true });
  await writeFile(installedPath(mediasoup), WORKER, { mode: 0o755 });
  expect(await provide()).toEqual({ how: 'there', proof });
  expect(await provide({ fromSource: true })).toEqual({ how: 'build', proof });
});

test('a cache that cannot be written is told, and one in node_modules is taken', async () => {
  await writeFile(cacheFolder, 'a file');
  await download(DOWNLOADS);
  expect(await provide()).toEqual({ how: 'download', proof });
  expect(said).toEqual([expect.stringContaining(`${cacheFolder}`)]);
  await rm(dirname(installedPath(mediasoup)), { recursive: true });
  expect(await provide()).toEqual({ how: 'cache', proof });
});

describe('a worker that starts and fails its trial', () => {
  /** Whatever was not built from source dies at its first handshake. */
  const builtWorks = async (path: string): Promise<Proof> => {
    const text = await readFile(path, 'utf8');
    return text.includes('built') ? proof : { result: 'failed', why: 'it died at the handshake' };
  };
  const built = "sed -i '$a # built' build/mediasoup-worker";

  test('is taken neither from its place nor from the cache nor from the makers: the next way is gone', async () => {
    await download(DOWNLOADS);
    expect(await provide()).toEqual({ how: 'download', proof });
    await compiler();
    await program('strip', `${built.replace('build/mediasoup-worker', '$1')}`);
    expect(await provide({ prove: builtWorks })).toEqual({ how: 'build', proof });
    expect(said).toEqual([
      'The media worker that is there does not work, and is removed (it died at the handshake).',
      'The media worker in the cache does not work, and is removed (it died at the handshake).',
      'The media worker that was downloaded does not work, and is removed (it died at the handshake).',
      expect.stringMatching(/built from source.*no prebuilt one: it does not work here/),
      expect.stringContaining('50 %'),
      expect.stringContaining('100 %'),
    ]);
    expect(await provide({ prove: builtWorks })).toEqual({ how: 'there', proof });
  });

  test('is left nowhere when the one that was built is no better: the service is to offer nothing', async () => {
    await download(DOWNLOADS);
    await provide();
    await compiler();
    const none = (): Promise<Proof> => Promise.resolve({ result: 'failed', why: 'it died at the handshake' });
    expect(await provide({ prove: none })).toEqual({
      missing: expect.stringMatching(/no sound and no picture.*built does not work here.*"npm run worker"/) as string,
    });
    expect(await runs(installedPath(mediasoup))).toBe(false);
    expect(await provide()).toEqual({ how: 'download', proof });
  });

  test('is another than one that could not be tried, which is taken and told', async () => {
    await download(DOWNLOADS);
    const untried: Proof = { result: 'untried', why: 'there is no peer' };
    expect(await provide({ prove: () => Promise.resolve(untried) })).toEqual({ how: 'download', proof: untried });
    expect(await runs(installedPath(mediasoup))).toBe(true);
  });
});
