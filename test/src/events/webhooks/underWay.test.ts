/** Jobs of the queue that come for a delivery which is being made: none of them ends before its news was told. */
import { expect, it } from 'vitest';
import { createWebhookDeliverer } from '../../../../src/events/webhooks/deliver.ts';
import type { DeliveryStore, Outstanding } from '../../../../src/events/webhooks/ports.ts';

const delivery = { centreId: 'northlight', endpointId: 'hooks', interactionId: 'talk' };
const lost = new Error('The connection was lost.');

/** A deliverer whose database answers as it is told, claim by claim; null is nothing to be told. */
function stage() {
  const asked: PromiseWithResolvers<Outstanding | null>[] = [];
  const store: Partial<DeliveryStore> = {
    claim() {
      asked.push(Promise.withResolvers());
      return asked.at(-1)!.promise;
    },
    release: () => Promise.resolve(),
    renew: () => Promise.resolve(),
  };
  const deliverer = createWebhookDeliverer({
    store: store as DeliveryStore,
    client: { post: () => Promise.reject(lost) },
    clock: Date.now,
    newId: () => 'a claim',
  });
  return { asked, take: () => deliverer.deliver(delivery) };
}

const outcome = (job: Promise<void>) =>
  job.then(
    () => 'done',
    (error: unknown) => error,
  );

it('[M8] where what is under way comes to nothing, the job for later news is tried again', async () => {
  const { asked, take } = stage();
  const first = outcome(take());
  const later = outcome(take());
  asked[0]!.reject(lost);
  expect(await Promise.all([first, later])).toEqual([lost, lost]);
});

it('[M8] the newest job stands for those before it', async () => {
  const { asked, take } = stage();
  const first = outcome(take());
  const second = outcome(take());
  const third = outcome(take());
  expect(await second).toBe('done');
  asked[0]!.reject(lost);
  expect(await Promise.all([first, third])).toEqual([lost, lost]);
});

it('[M8] it is done when its news was looked for once more', async () => {
  const { asked, take } = stage();
  const first = outcome(take());
  const later = outcome(take());
  asked[0]!.resolve(null);
  await expect.poll(() => asked.length).toBe(2);
  asked[1]!.resolve(null);
  expect(await Promise.all([first, later])).toEqual(['done', 'done']);
});
