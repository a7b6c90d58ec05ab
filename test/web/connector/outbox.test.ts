/** What is said reaches the service once, whatever becomes of connections and pages. */
import { describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../../../src/protocol/version.ts';
import { nothingKnown, queued, requested, shelf, until } from './service.ts';
import { fakeTimers, io, online, setStage } from './stage.ts';

const stage = setStage();

describe('what is said', () => {
  it('[M4] repeats an unacknowledged command with the same id after a lost connection', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    const first = await stage.service.connection();
    await first.registerTv();
    const said = await first.next('request');
    first.close(1011);
    const second = await stage.service.connection();
    await second.registerTv();
    const again = await second.next('request');
    expect(again).toEqual(said);
    second.ack(again, 'i1');
    await help;
    expect(tv.state.unsent).toBe(0);
  });

  it('[M4] keeps what is said offline in order, and says it after a reload with the same ids', async () => {
    const storage = shelf();
    const before = stage.livingRoomTv({ storage });
    const first = await stage.service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    await until(before, ({ interaction }) => interaction !== null);
    before.say({ type: 'askForPerson' }).catch(() => undefined);
    before.say({ type: 'leave' }).catch(() => undefined);
    const said = [await first.next('viewer'), await first.next('viewer')];
    before.close();
    await first.closed;

    const after = stage.livingRoomTv({ storage });
    expect(after.state.unsent).toBe(2);
    const second = await stage.service.connection();
    await second.registerTv();
    expect([await second.next('viewer'), await second.next('viewer')]).toEqual(said);
    said.forEach((message) => {
      second.ack(message);
    });
    await until(after, ({ unsent }) => unsent === 0);
    expect([...storage.items.keys()].filter((key) => key.endsWith('outbox'))).toEqual([]);
  });

  it('[M4] refuses the 101st unanswered command and keeps the hundred before it', async () => {
    const tv = stage.livingRoomTv();
    const peer = await stage.service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    for (let count = 0; count < 100; count += 1) tv.say({ type: 'askForPerson' }).catch(() => undefined);
    await expect(tv.say({ type: 'leave' })).rejects.toMatchObject({ code: 'unavailable', retry: true });
    expect(tv.state.unsent).toBe(100);
  });

  it('[M4] says nothing from storage that is older than a quarter of an hour, nor what is no command', async () => {
    const storage = shelf();
    const key = `couchline ${stage.service.url} LR-1 outbox`;
    const stale = { id: 'old', body: { type: 'request', request: nothingKnown }, at: Date.now() - 16 * 60_000 };
    storage.setItem(key, JSON.stringify([stale, null, 'garbage', { id: 7 }]));
    expect(stage.livingRoomTv({ storage }).state.unsent).toBe(0);
    storage.setItem(key, '{not json');
    expect(stage.livingRoomTv({ storage }).state.unsent).toBe(0);
  });

  it('[M4] a refused command rejects with its code and is not said again', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    const first = await stage.service.connection();
    await first.registerTv();
    first.refuse(await first.next('request'), 'busy', 'All lines are busy. Try again in a minute.', true);
    await expect(help).rejects.toMatchObject({ name: 'RefusedError', code: 'busy', retry: true });
    first.close(1011);
    const second = await stage.service.connection();
    await second.registerTv();
    await until(tv, online);
    expect(second.heard.map(({ type }) => type)).toEqual(['registerTv']);
  });

  it('[M4] says sixteen commands at once, and again in a moment what came too fast', async () => {
    const tv = stage.livingRoomTv();
    const peer = await stage.service.connection();
    await peer.registerTv({ open: ['i1'] });
    peer.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    fakeTimers();
    const answers = Array.from({ length: 20 }, () => tv.say({ type: 'askForPerson' }));
    const first = await peer.next('viewer');
    for (let count = 1; count < 16; count += 1) await peer.next('viewer');
    expect(peer.heard.filter(({ type }) => type === 'viewer')).toHaveLength(16);
    peer.refuse(first, 'rateLimited', 'Too many messages.', true);
    peer.event(2, queued);
    await until(tv, ({ interaction }) => interaction?.seq === 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await peer.next('viewer')).toEqual(first);
    for (const message of peer.heard.filter(({ type }) => type === 'viewer')) peer.ack(message);
    for (let count = 0; count < 4; count += 1) peer.ack(await peer.next('viewer'));
    await Promise.all(answers);
  });

  it('[M4] says again, under the same id, what the service could not tell whether it was kept', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    const peer = await stage.service.connection();
    await peer.registerTv();
    const first = await peer.next('request');
    fakeTimers();
    peer.refuse(first, 'unavailable', 'The service has trouble of its own.', true);
    await io();
    await vi.advanceTimersByTimeAsync(1_000);
    const second = await peer.next('request');
    expect(second).toEqual(first);
    peer.ack(second, 'i1');
    await help;
  });

  it('[M4] does not send again what closed the connection with 4003', async () => {
    const tv = stage.livingRoomTv();
    const help = tv.requestHelp();
    const first = await stage.service.connection();
    await first.registerTv();
    await first.next('request');
    first.close(CLOSE.malformed, 'request.screen: too long');
    await expect(help).rejects.toMatchObject({ code: 'malformed', retry: false, message: 'request.screen: too long' });
    const second = await stage.service.connection();
    await second.registerTv();
    await until(tv, online);
    expect(second.heard.map(({ type }) => type)).toEqual(['registerTv']);
  });

  it('[M4] finds the one among several that closed the connection with 4003 by saying them one at a time', async () => {
    const tv = stage.livingRoomTv();
    const first = await stage.service.connection();
    await first.registerTv({ open: ['i1'] });
    first.event(1, requested);
    await until(tv, ({ interaction }) => interaction !== null);
    const sound = tv.say({ type: 'askForPerson' });
    const culprit = tv.say({ type: 'answerTask', taskId: 'bad', answer: 'works' });
    const innocent = tv.say({ type: 'leave' });
    for (let count = 0; count < 3; count += 1) await first.next('viewer');
    first.close(CLOSE.malformed);

    const second = await stage.service.connection();
    await second.registerTv({ open: ['i1'] });
    const one = await second.next('viewer');
    expect(second.heard.filter(({ type }) => type === 'viewer')).toHaveLength(1);
    second.ack(one);
    await second.next('viewer');
    second.close(CLOSE.malformed, 'taskId');
    await expect(culprit).rejects.toMatchObject({ code: 'malformed' });
    await sound;

    const third = await stage.service.connection();
    await third.registerTv({ open: ['i1'] });
    third.ack(await third.next('viewer'));
    await innocent;
  });
});
