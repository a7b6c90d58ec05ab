/** Several services on one database: the database says who sends (M8). */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { northlight, openDeliveries, type Deliveries } from '../../../support/deliveries.ts';
import { openReceiver, type Received, type Receiver } from '../../../support/receiver.ts';

let deliveries: Deliveries;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  await deliveries.close();
  await receiver.close();
});

const seqOf = ({ event }: Received) => Number(event.sequence);
const of = (interactionId: string, received: Received[]) =>
  received.filter(({ event }) => event.id.startsWith(`${interactionId}/`));

describe('two services on one database', () => {
  it('[M8] one event of an interaction is on its way at a time, in order, whatever the receiver does with it', async () => {
    deliveries = await openDeliveries({ services: 2, withinMs: 150 });
    const onTheirWay = new Map<string, number>();
    let most = 0;
    let answered = 0;
    receiver.answer = ({ event }) => {
      const interaction = event.id.split('/')[0] ?? '';
      const now = (onTheirWay.get(interaction) ?? 0) + 1;
      onTheirWay.set(interaction, now);
      most = Math.max(most, now);
      return (res, received) => {
        res.once('close', () => onTheirWay.set(interaction, (onTheirWay.get(interaction) ?? 0) - 1));
        // It takes some at once and some late, refuses some that it took, and hangs with the rest until it is left.
        const manner = (answered += 1) % 7;
        if (manner === 3) return;
        received.status = manner === 5 ? 500 : 204;
        void delay(manner % 3 === 0 ? 20 : 0).then(() => res.writeHead(received.status ?? 0).end());
      };
    };
    await deliveries.listen(receiver.url);
    const asked = await Promise.all(['TV-1', 'TV-2', 'TV-3'].map((serial) => deliveries.ask(serial)));
    for (let n = 0; n < 12; n += 1) {
      await Promise.all(asked.map(({ tvId, interactionId }) => deliveries.update(tvId, interactionId)));
    }
    await deliveries.settled();

    expect(most).toBe(1);
    for (const { interactionId } of asked) {
      const committed = (await deliveries.committed(interactionId)).map(({ seq }) => seq);
      const came = of(interactionId, receiver.received);
      // Taken, but answered too late for whoever sent it, an event comes again: at least once is what is promised.
      const taken = came.filter(({ status }) => status === 204).map(seqOf);
      expect([...new Set(taken)]).toEqual(committed);
      // What was not taken is what comes next, again.
      expect(came.map(seqOf)).toEqual([...came.map(seqOf)].sort((one, other) => one - other));
      expect(came.length).toBeGreaterThan(committed.length);
    }
  });

  it('[M8] what a service had in hand when it was gone is sent by the other as soon as the claim is over', async () => {
    deliveries = await openDeliveries({ services: 2 });
    await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    await deliveries.settled();
    const before = receiver.received.length;
    const arrivals: number[] = [];
    receiver.answer = () => {
      arrivals.push(Date.now());
      return 204;
    };
    const over = await deliveries.claimFor(interactionId, 800);
    await deliveries.update(tvId, interactionId);
    await receiver.until((received) => received.length > before || undefined);
    expect(arrivals[0]).toBeGreaterThanOrEqual(over);
    const committed = await deliveries.committed(interactionId);
    expect(receiver.received.map(seqOf)).toEqual(committed.map(({ seq }) => seq));
  });

  it('[M8] news that came while another had the delivery in hand is sent by that one before it lets go', async () => {
    deliveries = await openDeliveries({ services: 2, byHand: true });
    const [alice, bob] = deliveries.deliverers;
    const endpointId = await deliveries.listen(receiver.url);
    const { tvId, interactionId } = await deliveries.ask('TV-1');
    const delivery = { centreId: northlight, endpointId, interactionId };
    const committed = await deliveries.committed(interactionId);
    // The last event is on its way, and alice's has read all there was.
    let answer: () => void = () => {};
    receiver.answer = ({ event }) =>
      Number(event.sequence) < committed.length ? 204 : (res) => (answer = () => res.writeHead(204).end());
    const under = alice?.deliver(delivery);
    await receiver.until((received) => received.length === committed.length || undefined);
    receiver.answer = () => 204;
    await deliveries.update(tvId, interactionId);
    await bob?.deliver(delivery);
    expect(receiver.received).toHaveLength(committed.length);
    answer();
    await under;
    const all = await deliveries.committed(interactionId);
    expect(receiver.received.map(seqOf)).toEqual(all.map(({ seq }) => seq));
  });

  it('[M8] a receiver that takes longer than a claim counts is still spoken to by one', async () => {
    deliveries = await openDeliveries({ services: 2, byHand: true, claimMs: 3_000 });
    const [alice, bob] = deliveries.deliverers;
    const endpointId = await deliveries.listen(receiver.url);
    const { interactionId } = await deliveries.ask('TV-1');
    const delivery = { centreId: northlight, endpointId, interactionId };
    let answer: () => void = () => {};
    receiver.answer = () => (res) => (answer = () => res.writeHead(204).end());
    const under = alice?.deliver(delivery);
    await receiver.until((received) => received.length === 1 || undefined);
    await deliveries.pastClaim(interactionId);
    await bob?.deliver(delivery);
    expect(receiver.received).toHaveLength(1);
    receiver.answer = () => 204;
    answer();
    await under;
    const committed = await deliveries.committed(interactionId);
    expect(receiver.received.map(seqOf)).toEqual(committed.map(({ seq }) => seq));
  });

  it('[M8] who stood still until the claim was over cannot undo what another delivered meanwhile', async () => {
    deliveries = await openDeliveries({ services: 2, byHand: true });
    const [alice, bob] = deliveries.deliverers;
    const endpointId = await deliveries.listen(receiver.url);
    const { interactionId } = await deliveries.ask('TV-1');
    const delivery = { centreId: northlight, endpointId, interactionId };
    const committed = await deliveries.committed(interactionId);
    let refuse: () => void = () => {};
    receiver.answer = () => (res) => (refuse = () => res.writeHead(500).end());
    const under = alice?.deliver(delivery);
    await receiver.until((received) => received.length === 1 || undefined);
    await deliveries.claimFor(interactionId, 0);
    receiver.answer = () => 204;
    await bob?.deliver(delivery);
    refuse();
    await under;
    expect(receiver.received.map(seqOf)).toEqual([1, ...committed.map(({ seq }) => seq)]);
    expect(await deliveries.endpoints.troubles(northlight, endpointId)).toEqual([]);
    expect(await deliveries.nextTryAt(interactionId)).toBeNull();
  });
});
