/**
 * Builds the browser apps into dist/web, if their sources changed since they were built last:
 *
 *     tv/            index.html, tv.js (one classic script, ES2015), tv.css, and what web/tv/public holds
 *     connector.js   the TV's connector alone, for other TV services: one classic script, ES2015, global `Couchline`
 *     agent/         the agent desktop, for today's browsers, below /agent/
 *
 * `node web/build.ts` builds what is stale; `--force` builds anyway.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { InlineConfig } from 'vite';
import { inlineTokens } from './theme/inline.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'web');
const target = join(root, 'dist', 'web');
const stamp = join(target, '.sources');

/** What a browser app can be made of: a change elsewhere needs no build. */
const SOURCES = ['web', 'src/protocol', 'package-lock.json'];

/** The oldest engines in living rooms (Tizen 3, webOS 4); neither `?.` nor modules before 2022. */
const TV_ENGINES = { target: 'es2015', cssTarget: 'chrome53' } as const;

/**
 * Builds the apps unless dist/web stands for the sources as they are.
 * @param log told what is being done
 * @returns whether anything was built
 * @throws Error naming the app that could not be built, and why
 */
export async function buildWeb(log: (message: string) => void, force = false): Promise<boolean> {
  const sources = await fingerprint();
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === sources && !force) return false;

  const began = performance.now();
  log(built === '' ? 'Building the browser apps.' : 'Building the browser apps: their sources changed.');
  // Beside its place and moved there whole: a running service never sees half an app.
  const draft = join(root, 'dist', `web.draft-${process.pid}`);
  try {
    for (const [name, build] of Object.entries({
      'the TV app': tv,
      'the connector': connector,
      'the desktop': agent,
    })) {
      await build(draft).catch((error: Error) => {
        throw new Error(`${name} could not be built: ${error.message}`, { cause: error });
      });
    }
    await writeFile(join(draft, '.sources'), sources);
    await replace(draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const sizes = await Promise.all(['tv/tv.js', 'connector.js', 'agent/assets'].map(zipped));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  log(`Built in ${seconds} s; zipped: TV ${sizes[0]} kB, connector ${sizes[1]} kB, desktop ${sizes[2]} kB.`);
  return true;
}

/** Moves the draft to its place. Another process may have built meanwhile: the later one stays. */
async function replace(draft: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    await rm(target, { recursive: true, force: true });
    try {
      return await rename(draft, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || attempts === 3) throw error;
    }
  }
}

async function tv(draft: string): Promise<void> {
  const folder = join(web, 'tv');
  const out = join(draft, 'tv');
  await run(classic({ entry: join(folder, 'main.tsx'), name: 'CouchlineTv', file: 'tv', out }));
  // Tizen 3 (Chromium 47) knows no custom properties.
  const styles = join(out, 'tv.css');
  await writeFile(styles, inlineTokens(await readFile(styles, 'utf8')));
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  if (/type="?module/.test(page) || !/<script[^>]* src="tv\.js"/.test(page) || !/href="tv\.css"/.test(page)) {
    throw new Error('web/tv/index.html must load tv.js by a plain <script src="tv.js"> and link tv.css');
  }
  await writeFile(join(out, 'index.html'), page);
  await cp(join(folder, 'public'), out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function connector(draft: string): Promise<void> {
  const out = join(draft, 'connector');
  await run(classic({ entry: join(web, 'connector', 'tv.ts'), name: 'Couchline', file: 'connector', out }));
  await rename(join(out, 'connector.js'), join(draft, 'connector.js'));
  await rm(out, { recursive: true });
}

async function agent(draft: string): Promise<void> {
  const { default: react } = await import('@vitejs/plugin-react');
  await run({
    root: join(web, 'agent'),
    base: '/agent/',
    plugins: [react()],
    build: { outDir: join(draft, 'agent'), emptyOutDir: true, chunkSizeWarningLimit: 2000 },
  });
}

/** One script that needs neither modules nor anything after ES2015; the packages it is made of are lowered too. */
function classic({ entry, name, file, out }: { entry: string; name: string; file: string; out: string }): InlineConfig {
  return {
    root: web,
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ...TV_ENGINES,
      outDir: out,
      emptyOutDir: true,
      minify: true,
      // Pictures and fonts of the style sheet go in with it: a packaged TV app has no second request to spare.
      assetsInlineLimit: 64 * 1024,
      cssCodeSplit: false,
      lib: { entry, name, formats: ['iife'], fileName: () => `${file}.js`, cssFileName: file },
    },
  };
}

async function run(config: InlineConfig): Promise<void> {
  // Loaded only here: a start with everything fresh does not wait for it.
  const { build } = await import('vite');
  await build({ configFile: false, logLevel: 'warn', mode: 'production', ...config });
}

/** One hash over the names and contents of all sources. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const file of (await Promise.all(SOURCES.map((name) => filesBelow(join(root, name))))).flat().sort()) {
    hash.update(`\n${relative(root, file)}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** kB after gzip of a file of dist/web, or of all scripts in a folder of it. */
async function zipped(name: string): Promise<number> {
  const scripts = (await filesBelow(join(target, name))).filter((file) => file.endsWith('.js'));
  const contents = await Promise.all(scripts.map((file) => readFile(file)));
  return Math.ceil(contents.reduce((sum, content) => sum + gzipSync(content).length, 0) / 1000);
}

if (import.meta.main) {
  await mkdir(join(root, 'dist'), { recursive: true });
  try {
    await buildWeb(console.log, process.argv.includes('--force'));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
