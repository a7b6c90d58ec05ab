import { describe, expect, it } from 'vitest';
import { hearing, type Listener } from '../../../media/room/hearing.ts';

const member = (id: string, more: Partial<Listener> = {}): Listener => ({
  id,
  kind: 'webrtc',
  listensOnly: false,
  whispersTo: null,
  audioCodecs: ['opus'],
  holding: { byService: false, byPeer: false },
  ...more,
});
const held = { holding: { byService: true, byPeer: false } };
const holds = { holding: { byService: false, byPeer: true } };
const toAll = { id: 'to all', to: null };
const toTv = { id: 'to the TV', to: ['tv'] };

const heard = (members: Listener[], ...played: { id: string; to: string[] | null }[]) =>
  Object.fromEntries(members.map(({ id }) => [id, hearing(members, played, id)]));

describe('who hears what a room plays', () => {
  it('everybody what is for all, and one what is for that one', () => {
    expect(heard([member('tv'), member('sam')], toAll, toTv)).toEqual({
      tv: { played: ['to all', 'to the TV'], music: false },
      sam: { played: ['to all'], music: false },
    });
  });

  it('who is held by the service hears music, and not what is for all', () => {
    expect(heard([member('tv', held), member('sam')], toAll)).toEqual({
      tv: { played: [], music: true },
      sam: { played: ['to all'], music: false },
    });
  });

  it('who is held hears what is for that one in place of the music', () => {
    expect(heard([member('tv', held), member('sam')], toTv).tv).toEqual({ played: ['to the TV'], music: false });
  });

  it('who is left waiting, since all the others hold, hears music; who holds hears nothing', () => {
    expect(heard([member('tv'), member('sam', holds)], toAll)).toEqual({
      tv: { played: ['to all'], music: true },
      sam: { played: [], music: false },
    });
    expect(heard([member('tv'), member('sam', holds)], toTv).tv).toEqual({ played: ['to the TV'], music: false });
  });

  it('nobody is left waiting while one of the others is there, or alone, or beside somebody whom nobody hears', () => {
    expect(heard([member('tv'), member('sam', holds), member('alice')]).tv?.music).toBe(false);
    expect(heard([member('tv')]).tv?.music).toBe(false);
    expect(heard([member('tv'), member('alice', { listensOnly: true, ...holds })]).tv?.music).toBe(false);
    // Whom the service holds was put there by somebody who goes on.
    expect(heard([member('tv', held), member('sam')]).sam?.music).toBe(false);
  });

  it('who is not in the room hears nothing', () => {
    expect(hearing([member('tv')], [toAll], 'sam')).toEqual({ played: [], music: false });
  });
});
