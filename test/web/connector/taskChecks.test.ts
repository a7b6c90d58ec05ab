import { describe, expect, it } from 'vitest';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { tvMessage } from '../../../src/protocol/client.ts';
import type { CheckResult, TvConnector } from '../../../web/connector/types.ts';
import { requested, until } from './service.ts';
import type { Peer } from './service.ts';
import { setStage } from './stage.ts';

const stage = setStage();

const task = (id: string): { id: string; title: string; check: { kind: 'host'; name: string } } => ({
  id,
  title: 'Turn the box off and on',
  check: { kind: 'host', name: id },
});
const diagnosed: InteractionEvent = {
  type: 'diagnosisGiven',
  diagnosis: {
    id: 'd1',
    explanation: 'The tuner lost its lock.',
    tasks: [task('t1'), task('t2')],
    source: { kind: 'agent', agentId: 'sam' },
  },
};
const changed = (taskId: string, status: 'checking' | 'verified' | 'failed' | 'notHelped'): InteractionEvent => ({
  type: 'taskChanged',
  taskId,
  status,
});

/** A host's check whose end the test decides. */
function decided(tv: TvConnector, name: string): { runs: () => number; end: (said: CheckResult) => void } {
  let runs = 0;
  let finish: (said: CheckResult) => void = () => undefined;
  tv.registerCheck(name, () => {
    runs += 1;
    return new Promise((resolve) => (finish = resolve));
  });
  return {
    runs: () => runs,
    end: (said) => {
      finish(said);
    },
  };
}

/** Connected, and told this much of an interaction before it goes live. */
async function resumed(tv: TvConnector, ...events: InteractionEvent[]): Promise<Peer> {
  const peer = await stage.service.connection();
  peer.registered(await peer.next('registerTv'));
  events.forEach((event, at) => {
    peer.event(at + 1, event);
  });
  peer.send({ type: 'resumed', open: ['i1'] });
  await until(tv, ({ connection }) => connection.kind === 'online');
  return peer;
}

const verified: CheckResult = { result: 'verified', evidence: 'Locked at 482 MHz' };

describe('checks of tasks', () => {
  it('[B3] runs the check of a task that is checking, says so, and reports once', async () => {
    const tv = stage.livingRoomTv();
    const check = decided(tv, 't1');
    const peer = await resumed(tv, requested, diagnosed);
    expect(check.runs()).toBe(0);
    peer.event(3, changed('t1', 'checking'));
    const { checking } = await until(tv, (state) => state.checking !== null);
    expect(checking).toEqual({ taskId: 't1', startedAt: expect.any(Number) as number });
    check.end(verified);
    const report = await peer.next('viewer');
    expect(tvMessage.safeParse(report).error).toBeUndefined();
    expect(report['command']).toEqual({ type: 'reportCheck', taskId: 't1', ...verified });
    expect(tv.state.checking).toBeNull();
    expect(tv.state.unsent).toBe(0);
    peer.ack(report);
    peer.event(4, { type: 'messageSent', from: 'agent', name: 'Sam', text: 'Hello' });
    await until(tv, ({ interaction }) => interaction?.seq === 4);
    expect(check.runs()).toBe(1);
  });

  it('[B3] runs it again after a reload, and not what was decided in the meantime', async () => {
    const tv = stage.livingRoomTv();
    const first = decided(tv, 't1');
    const second = decided(tv, 't2');
    await resumed(
      tv,
      requested,
      diagnosed,
      changed('t1', 'checking'),
      changed('t1', 'failed'),
      changed('t2', 'checking'),
    );
    await until(tv, ({ checking }) => checking?.taskId === 't2');
    expect([first.runs(), second.runs()]).toEqual([0, 1]);
  });

  it('[B3] runs again when the viewer tries the task again', async () => {
    const tv = stage.livingRoomTv();
    const check = decided(tv, 't1');
    const peer = await resumed(tv, requested, diagnosed, changed('t1', 'checking'));
    check.end({ result: 'failed', evidence: 'No lock' });
    peer.ack(await peer.next('viewer'));
    peer.event(4, changed('t1', 'failed'));
    peer.event(5, changed('t1', 'checking'));
    await until(tv, ({ checking }) => checking !== null);
    expect(check.runs()).toBe(2);
  });

  it('[B3] one at a time; the next begins when the first has reported', async () => {
    const tv = stage.livingRoomTv();
    const first = decided(tv, 't1');
    const second = decided(tv, 't2');
    const peer = await resumed(tv, requested, diagnosed, changed('t1', 'checking'), changed('t2', 'checking'));
    expect([first.runs(), second.runs()]).toEqual([1, 0]);
    first.end(verified);
    await peer.next('viewer');
    peer.event(5, changed('t1', 'verified'));
    await until(tv, ({ checking }) => checking?.taskId === 't2');
  });

  it('[B3] a viewer who answers meanwhile ends the check without a report', async () => {
    const tv = stage.livingRoomTv();
    const check = decided(tv, 't1');
    const peer = await resumed(tv, requested, diagnosed, changed('t1', 'checking'));
    await until(tv, ({ checking }) => checking !== null);
    peer.event(4, changed('t1', 'notHelped'));
    await until(tv, ({ checking }) => checking === null);
    check.end(verified);
    const leaving = tv.say({ type: 'leave' });
    const next = await peer.next('viewer');
    expect(next['command']).toEqual({ type: 'leave' });
    peer.ack(next);
    await leaving;
  });

  it('[B3] a report that was not acknowledged is repeated, the check is not', async () => {
    const tv = stage.livingRoomTv();
    const check = decided(tv, 't1');
    const first = await resumed(tv, requested, diagnosed, changed('t1', 'checking'));
    check.end(verified);
    const report = await first.next('viewer');
    first.close(1011);
    const second = await stage.service.connection();
    await second.registerTv({ open: ['i1'] });
    expect(await second.next('viewer')).toEqual(report);
    expect(check.runs()).toBe(1);
  });
});
