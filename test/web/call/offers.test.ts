import { describe, expect, it } from 'vitest';
import { createOfferQueue, OfferDropped } from '../../../web/call/offers.ts';

/** Answers when the test says so. */
function hand() {
  const under: { offer: string; answer(sdp: string): void; fail(error: Error): void }[] = [];
  const queue = createOfferQueue(
    (offer) => new Promise((resolve, reject) => under.push({ offer, answer: resolve, fail: reject })),
  );
  return { queue, under };
}

describe('the queue of one', () => {
  it('answers one offer at a time, in turn', async () => {
    const { queue, under } = hand();
    const first = queue.take('1');
    const second = queue.take('2');
    expect(under.map(({ offer }) => offer)).toEqual(['1']);
    under[0]!.answer('one');
    expect(await first).toBe('one');
    await expect.poll(() => under.map(({ offer }) => offer)).toEqual(['1', '2']);
    under[1]!.answer('two');
    expect(await second).toBe('two');
  });

  it('drops what waits for a later one', async () => {
    const { queue, under } = hand();
    const first = queue.take('1');
    const dropped = queue.take('2');
    const last = queue.take('3');
    await expect(dropped).rejects.toBeInstanceOf(OfferDropped);
    under[0]!.answer('one');
    await first;
    await expect.poll(() => under.map(({ offer }) => offer)).toEqual(['1', '3']);
    under[1]!.answer('three');
    expect(await last).toBe('three');
  });

  it('goes on after an offer that could not be taken', async () => {
    const { queue, under } = hand();
    const first = queue.take('1');
    const second = queue.take('2');
    under[0]!.fail(new Error('no codec in common'));
    await expect(first).rejects.toThrow('no codec in common');
    await expect.poll(() => under.length).toBe(2);
    under[1]!.answer('two');
    expect(await second).toBe('two');
  });

  it('closed, it gives no answer any more: neither of what is under way, nor of what waits, nor of what comes', async () => {
    const { queue, under } = hand();
    const all = [queue.take('1'), queue.take('2')];
    queue.close();
    queue.close();
    under[0]!.answer('late');
    all.push(queue.take('3'));
    const settled = await Promise.allSettled(all);
    expect(settled.map((one) => (one.status === 'rejected' ? (one.reason as Error).name : one.value))).toEqual(
      Array(3).fill('OfferDropped'),
    );
    expect(under).toHaveLength(1);
  });
});
