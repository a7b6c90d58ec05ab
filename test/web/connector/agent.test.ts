import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Work } from '../../../src/agent/agent.ts';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { agentMessage } from '../../../src/protocol/client.ts';
import { CLOSE } from '../../../src/protocol/version.ts';
import { createAgentConnector } from '../../../web/connector/agent.ts';
import type { AgentConnector, AgentState } from '../../../web/connector/types.ts';
import { match, queued, requested, room, sam, startService, until } from './service.ts';
import type { Peer, Service } from './service.ts';

let service: Service;
let desk: AgentConnector;

beforeEach(async () => {
  service = await startService();
  desk = createAgentConnector({ url: service.url, told: { device: 'Desk 4', appVersion: '1' } }, room());
});

afterEach(async () => {
  desk.close();
  await service.stop();
});

const online = ({ connection }: AgentState): boolean => connection.kind === 'online';
const ids = ({ interactions }: AgentState): string[] => interactions.map(({ id }) => id);

async function signedIn(): Promise<Peer> {
  const peer = await service.connection();
  await peer.registerAgent();
  await until(desk, online);
  return peer;
}

function work(peer: Peer, version: number, ...entries: [string, Work['phase']][]): void {
  const presence = entries.length === 0 ? { kind: 'ready' } : { kind: 'ringing' };
  const all = entries.map(([interactionId, phase]) => ({ interactionId, phase, since: 1000 }));
  peer.send({ type: 'presence', version, presence, work: all });
}

const offered = (offerId: string, agent = sam): InteractionEvent => ({
  type: 'offered',
  offerId,
  agent,
  expiresAt: 9_999_999_999_999,
});
const offerEnded = (offerId: string, why: 'expired' | 'viewerLeft'): InteractionEvent => ({
  type: 'offerEnded',
  offerId,
  agentId: 'sam',
  why,
});

/** Sam is offered what the TV in the living room asked for. */
async function offeredOne(): Promise<Peer> {
  const peer = await signedIn();
  peer.event(1, requested);
  peer.event(2, queued);
  peer.event(3, offered('o1'));
  work(peer, 1, ['i1', 'offered']);
  await until(desk, ({ presence, interactions }) => presence !== null && interactions.length === 1);
  return peer;
}

describe('the agent’s face', () => {
  it('[M2] registers by the page’s cookie and knows the service’s clock', async () => {
    const peer = await service.connection();
    const registration = await peer.registerAgent({ ahead: 60_000 });
    expect(agentMessage.safeParse(registration).error).toBeUndefined();
    expect(registration).toMatchObject({
      credentials: { kind: 'cookie' },
      told: { device: 'Desk 4', appVersion: '1' },
      resume: [],
    });
    const { self, clockOffset } = await until(desk, online);
    expect(self).toEqual({ agentId: 'sam', name: 'Sam', roles: ['agent'], skills: ['tv'], centreName: 'Acme TV' });
    expect(Math.abs(clockOffset - 60_000)).toBeLessThan(2_000);
  });

  it('[M2] a session that is over stops it: sign in again', async () => {
    const peer = await service.connection();
    peer.refuse(await peer.next('registerAgent'), 'unauthorized', 'Sign in again.');
    peer.close(CLOSE.unauthorized);
    const { connection } = await until(desk, (state) => state.connection.kind === 'stopped');
    expect(connection).toEqual({ kind: 'stopped', why: 'unauthorized', message: 'Sign in again.' });
  });

  it('[M4] shows what is offered, and takes it away the moment the offer ends', async () => {
    const peer = await offeredOne();
    peer.event(4, offerEnded('o1', 'viewerLeft'));
    await until(desk, ({ interactions }) => interactions.length === 0);
  });

  it('[M4] shows an offer that comes again, whether its story is told from the start or not', async () => {
    const peer = await offeredOne();
    peer.event(4, offerEnded('o1', 'expired'));
    peer.event(5, queued);
    work(peer, 2);
    await until(desk, ({ interactions }) => interactions.length === 0);
    peer.event(6, offered('o2'));
    work(peer, 3, ['i1', 'offered']);
    const { interactions } = await until(desk, (state) => state.interactions.length === 1);
    expect(interactions[0]?.status).toMatchObject({ kind: 'offered', offerId: 'o2' });
    peer.event(7, offerEnded('o2', 'expired'));
    await until(desk, (state) => state.interactions.length === 0);
    for (const [at, event] of [requested, queued, offered('o1')].entries()) peer.event(at + 1, event);
    peer.event(8, offered('o3'));
    const again = await until(desk, (state) => state.interactions.length === 1);
    expect(again.interactions[0]?.timeline.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('[M4] an older record of the agent does not bring back what is over', async () => {
    const peer = await offeredOne();
    work(peer, 5);
    await until(desk, ({ interactions }) => interactions.length === 0);
    work(peer, 4, ['i1', 'offered']);
    peer.send({ type: 'queues', queues: [{ id: 'q1', name: 'Help line', waiting: 1, longestSince: 1, ready: 1 }] });
    const { interactions, presence } = await until(desk, ({ queues }) => queues?.length === 1);
    expect(interactions).toEqual([]);
    expect(presence?.version).toBe(5);
  });

  it('[M4] keeps what is in after-work, and lets go of what is closed', async () => {
    const peer = await offeredOne();
    peer.event(4, { type: 'accepted', agent: sam });
    peer.event(5, { type: 'ended', by: 'viewer', fix: 'claimed' });
    work(peer, 2, ['i1', 'wrapUp']);
    const { interactions } = await until(desk, (state) => state.interactions[0]?.status.kind === 'wrapUp');
    expect(interactions).toHaveLength(1);
    peer.event(6, { type: 'closed', by: 'agent', disposition: 'fixedClaimed', note: '' });
    await until(desk, (state) => state.interactions.length === 0);
  });

  it('[M4] takes away what another agent has, the earliest first of the rest', async () => {
    const peer = await signedIn();
    peer.send({ type: 'event', interactionId: 'late', seq: 1, at: 5000, event: requested });
    peer.send({ type: 'event', interactionId: 'late', seq: 2, at: 5000, event: offered('o2') });
    peer.send({ type: 'event', interactionId: 'early', seq: 1, at: 4000, event: requested });
    peer.send({ type: 'event', interactionId: 'early', seq: 2, at: 4000, event: offered('o1') });
    expect(ids(await until(desk, ({ interactions }) => interactions.length === 2))).toEqual(['early', 'late']);
    const priya = { agentId: 'priya', name: 'Priya' };
    peer.send({ type: 'event', interactionId: 'early', seq: 3, at: 6000, event: { type: 'accepted', agent: priya } });
    expect(ids(await until(desk, ({ interactions }) => interactions.length === 1))).toEqual(['late']);
  });

  it('[M4] resumes what it shows, and forgets what ended meanwhile only when all was told', async () => {
    const peer = await offeredOne();
    peer.close(1011);
    const again = await service.connection();
    const registration = await again.registerAgent({ open: [] });
    expect(registration['resume']).toEqual([{ interactionId: 'i1', seq: 3 }]);
    await until(desk, (state) => online(state) && state.interactions.length === 0);
  });

  it('[M7] starts an interaction with a TV and is told which', async () => {
    const peer = await signedIn();
    const inviting = desk.invite('tv1');
    const invite = await peer.next('invite');
    expect(agentMessage.safeParse(invite).error).toBeUndefined();
    peer.ack(invite, 'i9');
    expect(await inviting).toEqual({ interactionId: 'i9' });
    peer.event(1, { ...requested, origin: 'agent' } as InteractionEvent, 'i9');
    peer.event(2, { type: 'invited', agent: sam, match, expiresAt: 9_999_999_999_999 }, 'i9');
    expect(ids(await until(desk, ({ interactions }) => interactions.length === 1))).toEqual(['i9']);
  });

  it('[M4] says its commands, and tells why one was not taken', async () => {
    const peer = await offeredOne();
    const accepting = desk.say('i1', { type: 'accept', offerId: 'o1' });
    const accept = await peer.next('agent');
    expect(agentMessage.safeParse(accept).error).toBeUndefined();
    peer.refuse(accept, 'wrongState', 'The offer is gone.');
    await expect(accepting).rejects.toMatchObject({ code: 'wrongState', message: 'The offer is gone.' });
    const leaving = desk.setPresence({ kind: 'away', reason: 'Lunch' });
    const presence = await peer.next('setPresence');
    expect(presence).toMatchObject({ wish: { kind: 'away', reason: 'Lunch' } });
    peer.ack(presence);
    await leaving;
  });
});
