import { expect, onTestFinished, test } from 'vitest';
import { startService } from '../../support/service.ts';

test('without a media worker the service starts, and says in one sentence what is missing', async () => {
  const service = await startService({ MEDIA_WORKERS: '1', MEDIASOUP_WORKER_BIN: '/nowhere/mediasoup-worker' });
  onTestFinished(async () => void (await service.stop()));
  expect(service.output().split('\n')).toContain(
    'There is no sound and no picture: the media worker /nowhere/mediasoup-worker is not there. ' +
      'Correct MEDIASOUP_WORKER_BIN, or leave it out to take the installed one.',
  );
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
});
