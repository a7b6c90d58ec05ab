import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { findWorker } from '../../../media/worker/findWorker.ts';
import { machineAddresses } from '../../../media/workers/listen.ts';
import { startService } from '../../support/service.ts';

const withWorker = test.skipIf('missing' in (await findWorker()));

/** @returns what it says, each line, up to now */
async function readyWithout(env: Record<string, string>): Promise<{ said: () => string[]; without: string[] }> {
  const service = await startService(env);
  onTestFinished(async () => void (await service.stop()));
  const ready = await fetch(`${service.url}/readyz`);
  expect(ready.status).toBe(200);
  const { without } = (await ready.json()) as { without: string[] };
  return { said: () => service.output().split('\n'), without };
}

test('[B8] without a media worker the service starts, and says in one sentence what is missing', async () => {
  const { said, without } = await readyWithout({
    MEDIASOUP_WORKER_BIN: '/nowhere/mediasoup-worker',
    MEDIA_WORKERS: '1',
  });
  const sentence =
    'There is no sound and no picture: the media worker /nowhere/mediasoup-worker is not there. ' +
    'Correct MEDIASOUP_WORKER_BIN, or leave it out to take the installed one.';
  await expect.poll(said).toContain(sentence);
  expect(without).toEqual([sentence]);
});

withWorker('[B8] with a media port that another program has the service starts, and says which', async () => {
  const squatter = createSocket('udp4').bind(0, machineAddresses()[0]);
  await once(squatter, 'listening');
  onTestFinished(() => void squatter.close());
  const { port } = squatter.address();
  const { said, without } = await readyWithout({ MEDIA_PORT: String(port), MEDIA_WORKERS: '1' });
  expect(without).toEqual([expect.stringContaining(`cannot listen on port ${port}: another program has it.`)]);
  await expect.poll(said).toContain(without[0]);
});

test('[B8] a service that is to have no media says nothing of it', async () => {
  const { said, without } = await readyWithout({ MEDIA_WORKERS: '0' });
  expect(without).toEqual([]);
  expect(said().filter((line) => line.includes('no picture'))).toEqual([]);
});

withWorker('a service that is asked to end takes its workers along, and ends in order', async () => {
  const service = await startService({ MEDIA_WORKERS: '2' });
  const children = async () =>
    (await readFile(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8')).trim().split(' ').map(Number);
  const workers = await children();
  expect(workers).toHaveLength(2);
  onTestFinished(async () => void (await service.stop()));
  const lastWords = () => service.output().split(/^(?=Stopping:)/m)[1];
  const ended = service.kill('SIGINT');
  await expect.poll(lastWords).toBeDefined();
  // A terminal's Ctrl-C reaches them all; some may be gone already.
  for (const pid of workers) signal(pid, 'SIGINT');
  expect(await ended).toBe(0);
  await expect
    .poll(lastWords)
    .toBe('Stopping: telling everybody, finishing what is under way.\nStopped. Nothing is lost.\n');
  expect(workers.filter((pid) => signal(pid, 0))).toEqual([]);
});

/** @returns whether such a process is there */
function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which);
  } catch {
    return false;
  }
}
