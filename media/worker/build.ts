/** Builds the worker from the source in mediasoup's npm package. About eight minutes on two cores. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runs } from './binary.ts';
import { place } from './cache.ts';
import { MESON_OPTIONS, PATCHES, RECIPE_FOR, SUBPROJECTS, type Patch } from './recipe.ts';
import { run } from './run.ts';

const COMPAT = fileURLToPath(new URL('./compat', import.meta.url));

/** Bytes that the compiler takes for one file, with room to spare. */
const PER_JOB = 500e6;
const SHOWN_LINES = 15;

/**
 * @param packageFolder mediasoup's; nothing is written there
 * @param target where the binary is put, whole
 * @throws Error when mediasoup is not what the recipe was written for, or the build stops
 */
export async function buildWorker(
  packageFolder: string,
  target: string,
  log: (message: string) => void,
): Promise<void> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  checkVersion(version);
  const folder = await mkdtemp(join(tmpdir(), 'couchline-mediasoup-'));
  try {
    const source = join(folder, 'worker');
    await cp(join(packageFolder, 'worker'), source, { recursive: true });
    await rm(join(source, 'out'), { recursive: true, force: true });
    for (const name of SUBPROJECTS) await standIn(source, name);
    for (const patch of PATCHES) {
      const path = join(source, patch.file);
      await writeFile(path, applyPatch(await readFile(path, 'utf8'), patch));
    }
    await step('meson', ['setup', 'build', ...MESON_OPTIONS], source);
    const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / PER_JOB)));
    await step('ninja', ['-C', 'build', `-j${jobs}`, 'mediasoup-worker'], source, progress(log));
    const binary = join(source, 'build/mediasoup-worker');
    await step('strip', [binary], source);
    if (!(await runs(binary))) throw new Error('The media worker was built, and does not run on this machine.');
    await place(binary, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error that says what to do when the recipe is not for this release of mediasoup */
export function checkVersion(version: string): void {
  if (version === RECIPE_FOR) return;
  throw new Error(
    `mediasoup is ${version}, and the recipe in media/worker/recipe.ts was written for ${RECIPE_FOR}. ` +
      `Look whether its patches still mean the same, prove the build by "npm test -- media", and change RECIPE_FOR.`,
  );
}

/** @throws Error when what is to be changed does not stand in the text exactly once */
export function applyPatch(text: string, { file, from, to, why }: Patch): string {
  const count = text.split(from).length - 1;
  if (count === 1) return text.replace(from, () => to);
  throw new Error(
    `mediasoup changed under the recipe: "${from}" stands ${count} times in worker/${file}, not once. ` +
      `Find out whether the patch in media/worker/recipe.ts is needed still. Why it was: ${why}`,
  );
}

/** Puts our stand-in where meson would unpack what it fetched. */
async function standIn(source: string, name: string): Promise<void> {
  const wrap = await readFile(join(source, `subprojects/${name}.wrap`), 'utf8').catch(() => '');
  const directory = /^directory *= *(.+)$/m.exec(wrap)?.[1];
  if (directory === undefined) {
    throw new Error(
      `mediasoup changed under the recipe: it needs no ${name} any more. Correct SUBPROJECTS in media/worker/recipe.ts.`,
    );
  }
  await cp(join(COMPAT, name), join(source, 'subprojects', directory), { recursive: true });
}

async function step(program: string, args: string[], cwd: string, onLine?: (line: string) => void): Promise<void> {
  const { code, lines } = await run(program, args, { cwd, onLine });
  if (code === 0) return;
  throw new Error(
    `The media worker could not be built: ${program} ended with ${code}. Its last words:\n` +
      lines.slice(-SHOWN_LINES).join('\n'),
  );
}

/** Says how far ninja is, each tenth of the way. */
function progress(log: (message: string) => void): (line: string) => void {
  const began = performance.now();
  let said = 0;
  return (line) => {
    const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    const tenths = Math.floor((10 * Number(done)) / Number(all));
    if (!(tenths > said)) return;
    said = tenths;
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    log(`Building the media worker: ${tenths * 10} % after ${minutes} min.`);
  };
}
