import { describe, expect, it } from 'vitest';
import { audience, reachesAll, roomCodec, type Member } from '../../../media/room/audience.ts';

const member = (id: string, more: Partial<Member> = {}): Member => ({
  id,
  kind: 'webrtc',
  listensOnly: false,
  whispersTo: null,
  audioCodecs: ['opus', 'G722', 'PCMU', 'PCMA'],
  ...more,
});
const telephone = (id: string, ...audioCodecs: Member['audioCodecs'][number][]) =>
  member(id, { kind: 'rtp', audioCodecs });

describe('who hears and sees whom', () => {
  const heard = (members: Member[]) => Object.fromEntries(members.map(({ id }) => [id, audience(members, id)]));

  it('everybody all the others, nobody themselves', () => {
    expect(heard([member('tv'), member('sam'), member('alice')])).toEqual({
      tv: ['sam', 'alice'],
      sam: ['tv', 'alice'],
      alice: ['tv', 'sam'],
    });
  });

  it('a supervisor who listens is heard by nobody and hears all', () => {
    expect(heard([member('tv'), member('sam'), member('alice', { listensOnly: true })])).toEqual({
      tv: ['sam'],
      sam: ['tv'],
      alice: ['tv', 'sam'],
    });
  });

  it('who listens only, or whispers, does not reach all', () => {
    const parts = [{}, { listensOnly: true }, { whispersTo: 'sam' }].map((part) => member('alice', part));
    expect(parts.map(reachesAll)).toEqual([true, false, false]);
  });

  it('one who whispers is heard by one alone, and hears all', () => {
    expect(heard([member('tv'), member('sam'), member('alice', { whispersTo: 'sam' })])).toEqual({
      tv: ['sam'],
      sam: ['tv', 'alice'],
      alice: ['tv', 'sam'],
    });
  });

  it('one who whispers to somebody who left is heard by nobody', () => {
    expect(audience([member('tv'), member('alice', { whispersTo: 'sam' })], 'tv')).toEqual([]);
  });
});

describe('what a room speaks', () => {
  it.each([
    ['opus among browsers', [member('tv'), member('sam')], 'opus'],
    ['opus while it is empty', [], 'opus'],
    ['G.711 with a telephone that has no better', [member('tv'), telephone('alice', 'PCMA', 'PCMU')], 'PCMU'],
    ['A-law with one that has that alone', [member('tv'), telephone('alice', 'PCMA')], 'PCMA'],
    ['G.722 with one that has it', [member('tv'), telephone('alice', 'G722', 'PCMU')], 'G722'],
    [
      'G.711 again when there are three, for the edge mixes that',
      [member('tv'), member('sam'), telephone('alice', 'G722', 'PCMU')],
      'PCMU',
    ],
    [
      'G.711 with a telephone by DTLS-SRTP that has that alone',
      [member('tv'), member('alice', { audioCodecs: ['PCMU', 'PCMA'] })],
      'PCMU',
    ],
    ['what all telephones have', [telephone('alice', 'G722', 'PCMA'), telephone('bob', 'PCMU', 'PCMA')], 'PCMA'],
    ['PCMU when they have nothing in common', [telephone('alice', 'PCMA'), telephone('bob', 'PCMU')], 'PCMU'],
  ] as const)('%s', (_what, members, codec) => expect(roomCodec(members)).toBe(codec));
});
