/** When a lost connection is tried again. */
import { describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../../../src/protocol/version.ts';
import { createAgentConnector } from '../../../web/connector/agent.ts';
import { queued, requested, room, sam, until } from './service.ts';
import { fakeTimers, io, offline, online, setStage } from './stage.ts';

const stage = setStage();

describe('a connection that is lost', () => {
  it.each([
    ['1001', CLOSE.goingAway],
    ['4000', CLOSE.timeout],
    ['1011', 1011],
  ])('[M4] reconnects after %s', async (_name, code) => {
    const tv = stage.livingRoomTv();
    const first = await stage.service.connection();
    await first.registerTv();
    await until(tv, online);
    first.close(code);
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] tries at once when the TV is looked at again', async () => {
    const around = room({ random: () => 1 });
    const tv = stage.livingRoomTv({}, around);
    const first = await stage.service.connection();
    await first.registerTv();
    await until(tv, online);
    first.close(1011);
    await until(tv, offline);
    around.document.visibilityState = 'hidden';
    around.document.dispatchEvent(new Event('visibilitychange'));
    expect(stage.service.count()).toBe(1);
    around.document.visibilityState = 'visible';
    around.document.dispatchEvent(new Event('visibilitychange'));
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] begins again when the network comes while an attempt hangs, and not when it goes', async () => {
    const around = room();
    const tv = stage.livingRoomTv({}, around);
    const hanging = await stage.service.connection();
    await hanging.next('registerTv');
    around.window.dispatchEvent(new Event('offline'));
    expect(stage.service.count()).toBe(1);
    around.window.dispatchEvent(new Event('online'));
    await hanging.closed;
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] waits longer after each loss, at most half a minute, and tries at once when the network is back', async () => {
    const around = room({ random: () => 0.999 });
    // Where nobody listens.
    const { url } = stage.service;
    await stage.service.stop();
    fakeTimers();
    const tv = stage.livingRoomTv({ url }, around);
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const asked = Date.now();
      const { connection } = await until(
        tv,
        (state) => state.connection.kind === 'offline' && state.connection.nextTryAt > asked,
      );
      if (connection.kind !== 'offline') throw new Error('must be offline');
      waits.push(Math.round((connection.nextTryAt - asked) / 100) * 100);
      if (round === 8) around.window.dispatchEvent(new Event('online'));
      else await vi.advanceTimersByTimeAsync(connection.nextTryAt - asked);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    const woken = Date.now();
    await until(tv, ({ connection }) => connection.kind === 'offline' && connection.nextTryAt > woken + 29_000);
  });

  it('[AG2] who helps somebody is never away for more than five seconds between two tries', async () => {
    const { url } = stage.service;
    const told = { device: 'Desk 4', appVersion: '1' };
    const desk = stage.closeLater(createAgentConnector({ url, told }, room({ random: () => 0.999 })));
    const peer = await stage.service.connection();
    await peer.registerAgent();
    peer.event(1, requested);
    peer.event(2, queued);
    peer.event(3, { type: 'offered', offerId: 'o1', agent: sam, expiresAt: 9_999_999_999_999 });
    peer.event(4, { type: 'accepted', agent: sam });
    await until(desk, ({ interactions }) => interactions[0]?.status.kind === 'active');
    fakeTimers();
    await stage.service.stop();
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const asked = round === 0 ? 0 : Date.now();
      const { connection } = await until(
        desk,
        (state) => state.connection.kind === 'offline' && state.connection.nextTryAt > asked,
      );
      if (connection.kind !== 'offline') throw new Error('must be offline');
      if (round > 0) waits.push(Math.round((connection.nextTryAt - asked) / 100) * 100);
      await vi.advanceTimersByTimeAsync(connection.nextTryAt - Date.now());
    }
    expect(waits).toEqual([1000, 2000, 4000, 5000, 5000]);
  });

  it('[M4] after a goodbye stays away for as long as it was asked to, whatever the network does', async () => {
    const around = room({ random: () => 0.5 });
    const tv = stage.livingRoomTv({}, around);
    const first = await stage.service.connection();
    await first.registerTv();
    await until(tv, online);
    fakeTimers();
    first.send({ type: 'goodbye', reason: 'New version', retryAfterMs: 8_000 });
    first.close(CLOSE.goingAway);
    const { connection } = await until(tv, offline);
    expect(connection).toMatchObject({ nextTryAt: Date.now() + 12_000 });
    around.window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(11_999);
    await io();
    expect(stage.service.count()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });

  it('[M4] comes back ten seconds after 4008 at the earliest', async () => {
    const tv = stage.livingRoomTv();
    const first = await stage.service.connection();
    await first.registerTv();
    await until(tv, online);
    fakeTimers();
    first.close(CLOSE.rateLimited);
    await until(tv, offline);
    await vi.advanceTimersByTimeAsync(9_999);
    await io();
    expect(stage.service.count()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await (await stage.service.connection()).registerTv();
    await until(tv, online);
  });
});
