/** What a receiver can count on, whatever it does: order within an interaction, nothing lost, nobody else's events. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS } from '../../../../src/events/webhooks/retry.ts';
import { northlight, openDeliveries, southbank, type Deliveries } from '../../../support/deliveries.ts';
import { openReceiver, type Received, type Receiver } from '../../../support/receiver.ts';

let deliveries: Deliveries;
let receiver: Receiver;
beforeEach(async () => {
  deliveries = await openDeliveries();
  receiver = await openReceiver();
});
afterEach(async () => {
  await deliveries.close();
  await receiver.close();
});

const seqOf = ({ event }: Received) => Number(event.sequence);
const of = (interactionId: string, received: Received[]) =>
  received.filter(({ event }) => event.id.startsWith(`${interactionId}/`));
const taken = (interactionId: string) => of(interactionId, receiver.received).filter(({ status }) => status === 204);
const change = { by: 'Sam', at: 1 };

describe('deliveries of one interaction', () => {
  it('[M8] every event arrives once, in order, with its type and number', async () => {
    await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    for (let n = 0; n < 5; n += 1) await deliveries.update(tvId, interactionId);
    await deliveries.settled();
    expect(receiver.received.map((one) => ({ seq: seqOf(one), type: one.event.data.type }))).toEqual(
      await deliveries.committed(interactionId),
    );
    expect(receiver.received.map(({ event }) => event.type.replace('com.couchline.interaction.', ''))).toEqual(
      receiver.received.map(({ event }) => event.data.type),
    );
  });

  it('[M8] an event that does not arrive is tried again, and later ones wait for it', async () => {
    let refusals = 3;
    receiver.answer = ({ event }) => (event.sequence === '0000000002' && refusals-- > 0 ? 500 : 204);
    await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    await deliveries.update(tvId, interactionId);
    await deliveries.settled();
    const committed = await deliveries.committed(interactionId);
    expect(receiver.received.map(seqOf)).toEqual([1, 2, 2, 2, ...committed.slice(1).map(({ seq }) => seq)]);
    // A repetition is known by its id, whatever else changes.
    expect(new Set(of(interactionId, receiver.received).map(({ headers }) => headers['webhook-id'])).size).toBe(
      committed.length,
    );
  });

  it('[M8] after twelve tries it is dead, with the reason; what comes later waits, and a replay delivers it all in order', async () => {
    receiver.answer = () => 500;
    const endpoint = await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    await deliveries.settled();
    await deliveries.update(tvId, interactionId);
    await deliveries.settled();
    expect(receiver.received.map(seqOf)).toEqual(Array.from({ length: MAX_ATTEMPTS }, () => 1));
    const committed = await deliveries.committed(interactionId);
    expect(await deliveries.endpoints.troubles(northlight, endpoint)).toEqual([
      expect.objectContaining({
        interactionId,
        tvName: 'Living room TV',
        state: 'dead',
        seq: 1,
        waiting: committed.length,
        attempts: MAX_ATTEMPTS,
        lastError: expect.objectContaining({ message: 'The receiver answered 500: something is wrong on its side.' }),
        nextTryAt: null,
        replayed: null,
      }),
    ]);

    expect(deliveries.counted).toEqual([...Array.from({ length: 11 }, () => 'retried 5xx'), 'deadLettered 5xx']);
    expect(await deliveries.undelivered()).toEqual([
      { state: 'dead', interactions: 1, oldestSeconds: expect.any(Number) },
    ]);

    receiver.answer = () => 204;
    expect(await deliveries.endpoints.replay(northlight, endpoint, null, { by: 'Priya Nair', at: Date.now() })).toBe(1);
    await deliveries.settled();
    expect(taken(interactionId).map(seqOf)).toEqual(committed.map(({ seq }) => seq));
    expect(await deliveries.endpoints.troubles(northlight, endpoint)).toEqual([]);
    expect(deliveries.counted.slice(12)).toEqual(committed.map(() => 'delivered 2xx'));
    expect(await deliveries.undelivered()).toEqual([]);
    const [listed] = await deliveries.endpoints.list(northlight, 0);
    expect(listed?.health).toMatchObject({ upToDate: 1, retrying: 0, dead: 0, lastError: null });
  });

  it('[M8] 410 turns the endpoint off with the reason; turned on again, it gets what happened meanwhile', async () => {
    receiver.answer = () => 410;
    const endpoint = await deliveries.listen(receiver.url);
    const first = await deliveries.ask('TV-1');
    await deliveries.settled();
    expect(receiver.received).toHaveLength(1);
    expect(deliveries.counted).toEqual(['disabled 4xx']);
    const [off] = await deliveries.endpoints.list(northlight, 0);
    expect(off).toMatchObject({ active: false, disabled: { reason: expect.stringContaining('410') } });

    const meanwhile = await deliveries.ask('TV-2');
    await deliveries.settled();
    expect(receiver.received).toHaveLength(1);

    receiver.answer = () => 204;
    expect(await deliveries.endpoints.enable(northlight, endpoint, change)).toBe(true);
    await deliveries.settled();
    for (const { interactionId } of [first, meanwhile]) {
      const committed = await deliveries.committed(interactionId);
      expect(taken(interactionId).map(seqOf)).toEqual(committed.map(({ seq }) => seq));
    }
  });

  it('[M8] types that were not asked for are left out, and the rest is in order', async () => {
    await deliveries.listen(receiver.url, { eventTypes: ['requested', 'updated'] });
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    await deliveries.update(tvId, interactionId);
    await deliveries.settled();
    expect(receiver.received.map(({ event }) => event.data.type)).toEqual(['requested', 'updated']);
  });
});

describe('what was not queued', () => {
  it('[M8] is found by the sweep: open interactions, and those that ended since', async () => {
    const endpoint = await deliveries.listen(receiver.url);
    const { interactionId } = await deliveries.ask('TV-1');
    await deliveries.settled();
    const committed = await deliveries.committed(interactionId);
    expect(receiver.received).toHaveLength(committed.length);
    await deliveries.forget(interactionId, endpoint);
    await deliveries.sweep();
    await deliveries.settled();
    expect(receiver.received.map(seqOf)).toEqual([...committed, ...committed].map(({ seq }) => seq));
    await deliveries.sweep();
    await deliveries.settled();
    expect(receiver.received).toHaveLength(2 * committed.length);
  });
});

describe('a busy receiver', () => {
  it.each([429, 503])('[M8] %i with Retry-After is left in peace for as long as it asks', async (status) => {
    await deliveries.close();
    const now = Date.now();
    deliveries = await openDeliveries({ clock: () => now });
    receiver.answer = () => (res) => res.writeHead(status, { 'Retry-After': '600' }).end();
    await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    await deliveries.settled();
    expect(await deliveries.nextTryAt(interactionId)).toBe(now + 600_000);
    // News does not hasten it.
    await deliveries.update(tvId, interactionId);
    await deliveries.settled();
    expect(receiver.received).toHaveLength(1);
    expect(await deliveries.nextTryAt(interactionId)).toBe(now + 600_000);
  });
});

describe('deliveries side by side', () => {
  it('[M8] an interaction that does not get through holds up no other', async () => {
    await deliveries.listen(receiver.url);
    const stuck = await deliveries.ask('TV-1');
    await deliveries.settled();
    receiver.answer = ({ event }) => (event.subject === 'TV-1' ? 500 : 204);
    await deliveries.update(stuck.tvId, stuck.interactionId);
    const other = await deliveries.ask('TV-2');
    await deliveries.settled();
    expect(taken(other.interactionId).map(seqOf)).toEqual(
      (await deliveries.committed(other.interactionId)).map(({ seq }) => seq),
    );
  });

  it('[M8] an endpoint that hangs with everything it gets holds up no other endpoint and no other centre', async () => {
    await deliveries.close();
    deliveries = await openDeliveries({ withinMs: 60_000 });
    const hanging = await openReceiver();
    hanging.answer = () => () => {};
    await deliveries.listen(hanging.url);
    await deliveries.listen(receiver.url);
    await deliveries.listen(receiver.url, { centreId: southbank });
    const asked = await Promise.all(Array.from({ length: 24 }, (_, n) => deliveries.ask(`TV-${n}`)));
    const elsewhere = await deliveries.ask('TV-1', southbank);
    const all = await Promise.all([
      ...asked.map(({ interactionId }) => deliveries.committed(interactionId)),
      deliveries.committed(elsewhere.interactionId, southbank),
    ]);
    await receiver.until((received) => received.length >= all.flat().length || undefined);
    expect(hanging.received.length).toBeLessThanOrEqual(6);
    await hanging.close();
  });

  it('[M8] no centre hears of another’s interactions, nor can it look after another’s endpoint', async () => {
    const theirs = await openReceiver();
    const mine = await deliveries.listen(receiver.url);
    await deliveries.listen(theirs.url, { centreId: southbank });
    const here = await deliveries.ask('TV-1');
    const there = await deliveries.ask('TV-1', southbank);
    await deliveries.settled();
    expect(of(there.interactionId, receiver.received)).toEqual([]);
    expect(of(here.interactionId, theirs.received)).toEqual([]);
    expect(receiver.received.length).toBeGreaterThan(0);
    expect(theirs.received.length).toBeGreaterThan(0);

    const { endpoints } = deliveries;
    expect((await endpoints.list(southbank, 0)).map(({ id }) => id)).not.toContain(mine);
    const wish = { url: theirs.url, description: '', eventTypes: [] };
    expect(await endpoints.update(southbank, mine, wish, change)).toBe(false);
    expect(await endpoints.disable(southbank, mine, 'theirs', change)).toBe(false);
    expect(await endpoints.enable(southbank, mine, change)).toBe(false);
    expect(await endpoints.rotate(southbank, mine, 'whsec_', 1, change)).toBe(false);
    expect(await endpoints.target(southbank, mine, 0)).toBeNull();
    expect(await endpoints.troubles(southbank, mine)).toBeNull();
    expect(await endpoints.replay(southbank, mine, here.interactionId, change)).toBe(0);
    await theirs.close();
  });
});
