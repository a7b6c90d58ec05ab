import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { clearLeftovers, ownFolder } from './leftovers.ts';

it('a run that was killed is cleared up by the next; one that lives, and what is nobody’s, is left alone', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'couchline-leftovers-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const killed = spawn('sleep', ['60']);
  const left = `couchline-chaos-${killed.pid}-AbCdEf`;
  await mkdir(join(parent, left));
  await writeFile(join(parent, left, 'postgres.password'), 'secret');
  await mkdir(join(parent, 'couchline-chaos-mine'));
  const own = basename(await ownFolder(parent));

  expect(await clearLeftovers(parent)).toEqual([]);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await clearLeftovers(parent)).toEqual([left]);
  expect((await readdir(parent)).sort()).toEqual([own, 'couchline-chaos-mine'].sort());
});
